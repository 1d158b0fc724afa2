package dev.outmail.submission.smtp;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Submission;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// Keeps what it is given, held to the rules for events, and confirms it as a test says.
final class Letterbox implements Destination {
    /// What was taken. The message is as it came.
    record Taken(String sender, List<String> recipients, String message, Trace trace) {}

    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private volatile Supplier<CompletableFuture<Void>> confirmation =
            () -> CompletableFuture.completedFuture(null);

    void confirmBy(Supplier<CompletableFuture<Void>> confirmation) {
        this.confirmation = confirmation;
    }

    @Override
    public CompletableFuture<Accepted> publish(Envelope envelope, byte[] message, Trace trace) {
        var recipients = envelope.recipients().stream().map(EmailAddress::toString).toList();
        var sender = envelope.sender().toString();
        MailEvent event = new Submission("/smtp", "default").event(message, sender, recipients);
        var text = new String(message, StandardCharsets.UTF_8);
        return confirmation
                .get()
                .thenApply(nothing -> {
                    taken.add(new Taken(sender, recipients, text, trace));
                    return new Accepted(event.id(), "outmail.events 0@" + (taken.size() - 1));
                });
    }

    List<Taken> taken() {
        return List.copyOf(taken);
    }

    Taken only() {
        if (taken.size() != 1) {
            throw new AssertionError(taken.size() + " messages, not one");
        }
        return taken.getFirst();
    }
}

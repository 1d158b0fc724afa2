package dev.outmail.producer;

import dev.outmail.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// An application that publishes and ends: `Application BOOTSTRAP PREFIX END EVENTS CHARACTERS GO`,
/// where END is how it does that, one of [Ending], and GO a file that it waits for when it is
/// ready.
final class Application {
    private static final int THREADS = 200;

    /// How a program ends.
    enum Ending {
        /// It closes what it opened, and says what that threw.
        CLOSE,
        /// Its main method returns.
        RETURN,
        /// Someone calls for its end.
        EXIT,
        /// It waits to be terminated from outside.
        TERMINATE
    }

    private Application() {}

    public static void main(String[] arguments) throws Exception {
        var site = new Site(arguments[0], arguments[1]);
        int events = Integer.parseInt(arguments[3]);
        var text = "x".repeat(Integer.parseInt(arguments[4]));
        var go = Path.of(arguments[5]);
        var outmail = site.connect();
        warmUp(outmail);
        System.out.println("READY");
        Await.until(Site.PATIENCE, () -> Files.exists(go), "the word to go");
        var results = publish(outmail, events, text);
        System.out.println("PUBLISHED " + results.size());
        switch (Ending.valueOf(arguments[2])) {
            case CLOSE -> close(outmail);
            case RETURN -> {}
            case EXIT -> System.exit(0);
            case TERMINATE -> new CountDownLatch(1).await();
        }
    }

    /// Until Kafka is known: from then on events wait for it.
    private static void warmUp(Outmail outmail) {
        for (int i = 0; i < 100; i++) {
            var first = outmail.publish(Site.mail("first-" + i).build());
            if (first.handle((receipt, failure) -> failure == null).join()) {
                return;
            }
        }
        throw new IllegalStateException("Kafka does not answer");
    }

    private static Set<CompletableFuture<Receipt.Queued>> publish(
            Outmail outmail, int events, String text) throws InterruptedException {
        Set<CompletableFuture<Receipt.Queued>> results = ConcurrentHashMap.newKeySet();
        var threads =
                IntStream.range(0, THREADS)
                        .mapToObj(thread ->
                                Thread.ofPlatform()
                                        .start(() -> {
                                            for (int i = thread; i < events; i += THREADS) {
                                                var mail = Site.mail("event-" + i).text(text);
                                                results.add(outmail.publish(mail.build()));
                                            }
                                        }))
                        .toList();
        for (var thread : threads) {
            thread.join();
        }
        return results;
    }

    private static void close(Outmail outmail) {
        try {
            outmail.close();
            System.out.println("CLOSED");
        } catch (MailNotAccepted e) {
            e.events().forEach(event -> System.out.println("LEFT " + event));
        }
    }
}

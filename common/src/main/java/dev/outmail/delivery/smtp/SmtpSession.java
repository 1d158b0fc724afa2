package dev.outmail.delivery.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One SMTP connection, from after the login on. The conversation is ours, because only so the
/// stage at which an answer was lost is known, and each answer is seen.
///
/// Used by one thread at a time; any thread may close the socket below.
final class SmtpSession {
    private final GuardedSocket wire;

    @SuppressWarnings("UnusedVariable") // reachable as long as this is; see there
    private final Opening opening;

    private final Offers offers;
    private final boolean pipelining;
    private final ReplyReader replies;
    private final SmtpWriter writer;
    private final Queue<String> ahead = new ArrayDeque<>();
    private Runnable meanwhile = () -> {};
    private Stage stage = Stage.MAIL;
    private Answer lastAnswer = Answer.Lost.beforeAnything();
    private Duration lastFinalDot = Duration.ZERO;

    /// Takes over a connection that is ready for MAIL.
    SmtpSession(GuardedSocket wire, Opening opening, Offers offers, Pipelining pipelining)
            throws IOException {
        this.wire = wire;
        this.opening = opening;
        this.offers = offers;
        this.pipelining = pipelining == Pipelining.IF_OFFERED && offers.pipelining();
        this.replies = new ReplyReader(wire.top().getInputStream(), () -> meanwhile.run());
        this.writer = new SmtpWriter(wire.top().getOutputStream());
    }

    GuardedSocket wire() {
        return wire;
    }

    Offers offers() {
        return offers;
    }

    /// From now on this is done whenever nothing is left but to wait for the server.
    void meanwhile(Runnable errand) {
        meanwhile = errand;
    }

    Stage stage() {
        return stage;
    }

    /// Whether commands may go out without waiting for answers (RFC 2920).
    boolean isPipelining() {
        return pipelining;
    }

    /// Says these commands in one go, where the server offers that. They are to be asked in this
    /// order all the same: then only the answers are read. Commands that were said with the end of
    /// the message before are not said again.
    ///
    /// @param commands no more than fit into the send buffer, so that we never wait to be read
    ///   while the server waits for us to read (§3.1): fifty of the longest addresses take 14 KB
    void sayAhead(List<String> commands) {
        if (isAhead() && !List.copyOf(ahead).equals(commands)) {
            throw new IllegalStateException("another message was announced on this connection");
        }
        if (!pipelining || isAhead()) {
            return;
        }
        try {
            keepBack(commands);
        } catch (IOException e) {
            wire.closeQuietly(); // which is the answer to the first of them
        }
    }

    private void keepBack(List<String> commands) throws IOException {
        for (String command : commands) {
            writer.command(command);
            ahead.add(command);
        }
    }

    /// Whether more was said than asked.
    boolean isAhead() {
        return !ahead.isEmpty();
    }

    /// Says a command, if it was not said ahead, and reads the answer.
    Answer ask(Stage next, String command) {
        stage = next;
        if (Thread.currentThread().isInterrupted()) {
            return heard(interrupted());
        }
        try {
            if (command.equals(ahead.peek())) {
                ahead.remove();
            } else {
                writer.command(command);
            }
            return listen();
        } catch (IOException | RuntimeException e) {
            return heard(lost(e));
        }
    }

    /// After 354: says the message and its final dot, and in the same breath what the message after
    /// it begins with. Returns the answer to the dot, or, at stage CONTENT, why there was no dot.
    ///
    /// @param leave asked for last; while it isn't there the content travels
    /// @param next asked for when nothing but the dot is left to say, before the dot can leave
    /// @param patience for the answer to the dot
    /// @param usual for those after it
    Answer sendMessage(
            byte[] message,
            Leave leave,
            Supplier<List<String>> next,
            Duration patience,
            Duration usual) {
        stage = Stage.CONTENT;
        if (Thread.currentThread().isInterrupted()) {
            return heard(interrupted());
        }
        try {
            writer.mailData(message);
            writer.makeRoomForDot();
            List<String> afterwards = next.get();
            if (!isGranted(leave)) {
                return heard(Answer.Lost.byWantOfLeave());
            }
            stage = Stage.FINAL_DOT; // what is said after the dot may push it out
            writer.command(".");
            keepBack(afterwards);
            wire.expectAnswersWithin(patience);
            Answer answer = listen();
            lastFinalDot = wire.sinceWeSpoke();
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return heard(interrupted());
        } catch (IOException | RuntimeException e) {
            return heard(lost(e));
        } finally {
            wire.expectAnswersWithin(usual);
        }
    }

    private boolean isGranted(Leave leave) throws IOException, InterruptedException {
        if (!leave.isReady()) {
            writer.flush();
            meanwhile.run();
        }
        return leave.granted();
    }

    /// How long the server took for the last message, from its final dot to the answer; no time
    /// before the first.
    Duration lastFinalDot() {
        return lastFinalDot;
    }

    private Answer listen() throws IOException {
        writer.flush();
        wire.expectNextAnswer();
        Answer answer = replies.next();
        boolean ours = answer instanceof Answer.Lost && wire.closedBecause() != null;
        return heard(ours ? lost(null) : answer);
    }

    private Answer heard(Answer answer) {
        lastAnswer = answer;
        return answer;
    }

    /// Forgets a transaction that the server refused part of; whether it did.
    boolean reset() {
        return hearOut() && ask(stage, "RSET") instanceof Reply reply && reply.code() == 250;
    }

    /// Reads the answers to what was said ahead, which are no verdicts any more; whether the server
    /// waits for a command then, and not for a message that it won't get.
    private boolean hearOut() {
        while (isAhead()) {
            Answer answer = ask(stage, ahead.element());
            if (!(answer instanceof Reply reply) || reply.code() == 354 || reply.code() == 421) {
                return false;
            }
        }
        return true;
    }

    /// Says goodbye without waiting for it to be returned.
    void quit() {
        try {
            writer.command("QUIT");
            writer.flush();
        } catch (IOException e) {
            // It was in order until now; nothing depends on this.
        }
        wire.closeQuietly();
    }

    /// Ends it: politely, unless a message was announced on it, for which another word would be
    /// taken.
    void leave() {
        if (isAhead()) {
            wire.closeQuietly();
        } else {
            quit();
        }
    }

    Answer lastAnswer() {
        return lastAnswer;
    }

    private Answer.Lost interrupted() {
        return wire.closedBecause() == null ? Answer.Lost.byInterruption() : lost(null);
    }

    private Answer.Lost lost(@Nullable Exception failure) {
        return Answer.Lost.at(stage, wire.closedBecause(), failure);
    }
}

package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Clearance;
import dev.outmail.delivery.Outbound;
import dev.outmail.delivery.RecipientVerdict;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/// Leave that a test gives or refuses, step by step.
final class ManualClearance implements Clearance {
    private final BlockingQueue<Boolean> answers = new LinkedBlockingQueue<>();
    private final List<List<RecipientVerdict>> begun = new CopyOnWriteArrayList<>();
    private final CountDownLatch asked = new CountDownLatch(1);

    /// The next steps' answers, in turn; without one, who asks waits.
    ManualClearance answer(boolean... granted) {
        for (boolean one : granted) {
            answers.add(one);
        }
        return this;
    }

    Outbound of(Outbound message) {
        return new Outbound(
                message.envelope(), message.message(), message.headerRequiresSmtpUtf8(), this);
    }

    /// What was settled before each step that was begun.
    List<List<RecipientVerdict>> begun() {
        return begun;
    }

    void awaitAsked() throws InterruptedException {
        asked.await();
    }

    @Override
    public void begin(Collection<RecipientVerdict> settled) {
        begun.add(List.copyOf(settled));
    }

    @Override
    public boolean isReady() {
        return !answers.isEmpty();
    }

    @Override
    public boolean granted() throws InterruptedException {
        asked.countDown();
        return answers.take();
    }
}

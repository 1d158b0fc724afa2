package dev.outmail.delivery;

import java.util.Collection;

/// Leave for the one step of an attempt that can't be taken back: the final dot of an SMTP
/// transaction, or handing a message to a native mailer. Asked for by the transport, in the
/// attempt's thread. An attempt of many recipients may take several such steps, each with its own
/// leave.
public interface Clearance {
    /// For who answers to nobody else.
    Clearance GIVEN =
            new Clearance() {
                @Override
                public void begin(Collection<RecipientVerdict> settled) {}

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public boolean granted() {
                    return true;
                }
            };

    /// The next step is being prepared; it may be noted down meanwhile, with what was settled by
    /// the steps before. Called before each step. Returns at once.
    void begin(Collection<RecipientVerdict> settled);

    /// Whether [#granted()] would return at once.
    boolean isReady();

    /// Waits until the step is noted down, for some seconds at most, and says whether it may be
    /// taken now. False means: not now, and not by this attempt.
    boolean granted() throws InterruptedException;
}

package dev.outmail.deadletters;

import dev.outmail.mail.Mailbox;

/// What somebody wants done about a dead letter.
public sealed interface Action {

    /// What it is called once it is done.
    Resolution.Kind kind();

    /// Send it again to those who did not get it.
    record Replay() implements Action {
        @Override
        public Resolution.Kind kind() {
            return Resolution.Kind.REPLAYED;
        }
    }

    /// Send a copy to somebody else, marked as one, which leaves the letter where it is.
    record CopyTo(Mailbox mailbox) implements Action {
        @Override
        public Resolution.Kind kind() {
            return Resolution.Kind.COPIED;
        }
    }

    /// Send a mail in doubt again, though a server may have taken it.
    record Release() implements Action {
        @Override
        public Resolution.Kind kind() {
            return Resolution.Kind.RELEASED;
        }
    }

    /// Do nothing about it, for good.
    record Discard() implements Action {
        @Override
        public Resolution.Kind kind() {
            return Resolution.Kind.DISCARDED;
        }
    }
}

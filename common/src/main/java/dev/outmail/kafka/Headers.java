package dev.outmail.kafka;

/// The names of the headers that Outmail adds to records. They are public.
public final class Headers {
    /// Why an event became a dead letter, typed.
    public static final String REASON = "outmail-reason";

    /// The same in words.
    public static final String DETAIL = "outmail-detail";

    /// The outcome that ended it.
    public static final String OUTCOME = "outmail-outcome";

    /// How many attempts were made.
    public static final String ATTEMPTS = "outmail-attempts";

    /// The revision of the settings at the last one.
    public static final String REVISION = "outmail-revision";

    /// When the event was accepted for delivery first.
    public static final String ACCEPTED_AT = "outmail-accepted-at";

    /// Where the event was: its topic, partition and offset.
    public static final String TOPIC = "outmail-topic";

    public static final String PARTITION = "outmail-partition";
    public static final String OFFSET = "outmail-offset";

    /// A recipient who did not get the mail, once for each.
    public static final String UNDELIVERED_RECIPIENT = "outmail-undelivered-recipient";

    /// What is left to do for an event that was tried before or waits, as JSON.
    public static final String RETRY = "outmail-retry";

    /// What was done about a dead letter, in a record of its own beside it: `replayed`, `copied`,
    /// `released` or `discarded`. The record's key is the letter's place.
    public static final String RESOLUTION = "outmail-resolution";

    /// Who did it, and why, in their words.
    public static final String RESOLVED_BY = "outmail-resolved-by";

    public static final String RESOLVED_WHY = "outmail-resolved-why";

    /// The mailbox that a copy went to.
    public static final String COPIED_TO = "outmail-copied-to";

    /// What the names of all headers of ours start with.
    public static final String PREFIX = "outmail-";

    /// The number that the attempt of a replay has.
    public static final String NEXT_ATTEMPT = "outmail-next-attempt";

    /// Why an event that was put off waits, if the log has that already.
    public static final String WAITS_FOR = "outmail-waits-for";

    private Headers() {}
}

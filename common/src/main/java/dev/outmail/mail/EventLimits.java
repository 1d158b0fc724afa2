package dev.outmail.mail;

import java.util.Locale;

/// How large an event may be.
///
/// @param maxRecipients distinct addresses in to, cc and bcc together, at least 1
/// @param maxBytes the event as JSON, attachments in base64 included, 1 to 1 GiB
public record EventLimits(int maxRecipients, int maxBytes) {
    public static final EventLimits DEFAULT = new EventLimits(100, 10 * 1024 * 1024);

    /// Far more than a broker would be set to take.
    private static final int MOST_BYTES = 1 << 30;

    public EventLimits {
        if (maxRecipients < 1) {
            throw new IllegalArgumentException(
                    "maxRecipients must be 1 or more, not " + maxRecipients);
        }
        if (maxBytes < 1 || maxBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "maxBytes must be 1 to " + MOST_BYTES + ", not " + maxBytes);
        }
    }

    public void checkRecipients(MailEvent event, Problems problems) {
        int recipients = event.addressing().recipients().size();
        if (recipients > maxRecipients) {
            problems.add(
                    "to",
                    String.format(
                            Locale.ROOT,
                            "%,d recipients in to, cc and bcc; the limit is %,d",
                            recipients,
                            maxRecipients),
                    "publish an event for each reader or group of readers");
        }
    }

    public void checkBytes(long bytes, Problems problems) {
        if (bytes > maxBytes) {
            problems.add(
                    "event",
                    String.format(
                            Locale.ROOT,
                            "%,d bytes as JSON, %,d more than the limit of %,d",
                            bytes,
                            bytes - maxBytes,
                            maxBytes),
                    "send large files as links; base64 makes an attachment a third larger");
        }
    }
}

package dev.outmail.mail;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What holds for attachments.
final class AttachmentRules {
    private static final int MAX_ATTACHMENTS = 1_000;
    private static final int MAX_CONTENT_ID = 200;

    private AttachmentRules() {}

    static void count(int attachments, Problems problems) {
        if (attachments > MAX_ATTACHMENTS) {
            problems.add(
                    "attachments",
                    attachments + " of them, more than " + MAX_ATTACHMENTS,
                    "pack them into an archive");
        }
    }

    static void name(String field, String name, Problems problems) {
        for (int i = 0; i < name.length(); i++) {
            if (Characters.isLoneSurrogate(name, i)) {
                problems.add(field, "it holds " + Characters.name(name, i), "remove it");
                return;
            }
        }
    }

    static void contentType(String field, String contentType, Problems problems) {
        problems.take(field, contentType, MediaType.check(contentType));
    }

    static void contentId(String field, @Nullable String contentId, Problems problems) {
        if (contentId == null) {
            return;
        }
        boolean sound = !contentId.isEmpty() && contentId.length() <= MAX_CONTENT_ID;
        for (int i = 0; i < contentId.length() && sound; i++) {
            char c = contentId.charAt(i);
            sound = Characters.isLetterOrDigit(c) || "._@+=$~!#*-".indexOf(c) >= 0;
        }
        if (!sound) {
            problems.add(
                    field,
                    Problem.shown(contentId) + " can't be a content id",
                    "use letters, digits, '.', '_', '-', '@' without angle brackets, as in"
                            + " cid:logo@example.com");
        }
    }

    /// Two parts of the same content id: which one would the HTML mean?
    static void contentIdIsNew(
            String field, @Nullable String contentId, Set<String> seen, Problems problems) {
        if (contentId != null && !seen.add(contentId)) {
            problems.add(
                    field,
                    "another attachment has " + Problem.shown(contentId) + " too",
                    "give each its own");
        }
    }
}

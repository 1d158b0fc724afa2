package dev.outmail.mail;

import org.jspecify.annotations.Nullable;

/// What holds for the names an application gives: id, source, type, conversation, profile.
final class IdentityRules {
    private static final int MAX_NAME = 200;
    private static final int MAX_PROFILE = 100;

    private IdentityRules() {}

    static void eventId(String source, @Nullable String id, Problems problems) {
        name("source", source, problems);
        if (id == null) {
            problems.add(
                    "id",
                    "it is missing",
                    "give each mail an id that is the same when it is published again");
        } else {
            name("id", id, problems);
        }
    }

    /// One line of 1 to 200 characters that is not only space.
    static void name(String field, @Nullable String written, Problems problems) {
        if (written == null) {
            return;
        }
        int unfit = Characters.unfitForName(written);
        if (written.isBlank()) {
            problems.add(field, "it is empty", "give 1 to 200 characters");
        } else if (written.length() > MAX_NAME) {
            problems.add(
                    field,
                    "it has " + written.length() + " characters, more than " + MAX_NAME,
                    "shorten it");
        } else if (unfit >= 0) {
            problems.add(
                    field,
                    Problem.shown(written) + " holds " + Characters.name(written, unfit),
                    "remove it");
        }
    }

    static void profile(String written, Problems problems) {
        boolean sound = !written.isEmpty() && written.length() <= MAX_PROFILE;
        for (int i = 0; i < written.length() && sound; i++) {
            char c = written.charAt(i);
            sound = Characters.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
        }
        if (!sound) {
            problems.add(
                    "profile",
                    Problem.shown(written) + " is no name of a profile",
                    "use 1 to 100 letters, digits, '.', '_' and '-'");
        }
    }
}

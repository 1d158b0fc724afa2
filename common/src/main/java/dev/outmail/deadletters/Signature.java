package dev.outmail.deadletters;

/// Who does something about a letter, and why, in their words. Nobody checks them: the audit trail
/// is as good as the rights on the topic.
///
/// @param by 1 to 200 characters
/// @param why up to 2,000 characters; may be empty
public record Signature(String by, String why) {
    private static final int MAX_BY = 200;
    private static final int MAX_WHY = 2_000;

    public Signature {
        if (by.isBlank() || by.length() > MAX_BY) {
            throw new IllegalArgumentException("who did it must be 1 to " + MAX_BY + " characters");
        }
        if (why.length() > MAX_WHY) {
            throw new IllegalArgumentException("why must be at most " + MAX_WHY + " characters");
        }
    }
}

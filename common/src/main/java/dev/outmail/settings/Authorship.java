package dev.outmail.settings;

/// Who saves settings, and why.
///
/// @param by a person's or a program's name; not proof, but what they said
/// @param why in their words; empty where they gave no reason
public record Authorship(String by, String why) {
    private static final int LONGEST = 1_000;

    public Authorship {
        by = fitting(by);
        why = fitting(why);
    }

    /// Nobody said who.
    public static final Authorship UNKNOWN = new Authorship("", "");

    /// One line, and no more than a person reads.
    private static String fitting(String text) {
        var line = text.strip().replaceAll("\\p{Cntrl}", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) : line;
    }
}

package dev.outmail.mail;

import java.io.Serializable;

/// One thing that is wrong with what a user wrote.
///
/// @param field where, such as `to[2]` or `headers.X-Project`
/// @param what what was wrong, with what was written where that helps, printable
/// @param remedy what to do about it
public record Problem(String field, String what, String remedy) implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int MAX_CHARACTERS = 500;
    private static final int MAX_SHOWN = 80;

    /// Makes all three printable, whatever was quoted in them, and keeps them short.
    public Problem {
        field = tame(field);
        what = tame(what);
        remedy = tame(remedy);
    }

    /// What a user wrote, for an error message: in quotes, printable, not more than the beginning.
    public static String shown(String written) {
        return written.length() <= MAX_SHOWN
                ? "'" + Characters.printable(written) + "'"
                : "'" + Characters.printable(Characters.atMost(MAX_SHOWN, written)) + "…'";
    }

    @Override
    public String toString() {
        return field + ": " + what + "; " + remedy;
    }

    private static String tame(String text) {
        return Characters.printable(Characters.atMost(MAX_CHARACTERS, text));
    }
}

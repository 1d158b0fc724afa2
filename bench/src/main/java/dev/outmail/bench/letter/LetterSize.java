package dev.outmail.bench.letter;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/// How large a mail is on the wire, about. All have a text and an HTML body; the larger ones an
/// attachment beside.
public enum LetterSize {
    TINY("small", 0, 0),
    KB_2("2 KB", 2, 0),
    KB_50("50 KB", 2, 35_000),
    MB_1("1 MB", 2, 765_000);

    private static final String FROM = "Projects <projects@example.com>";
    private static final String PARAGRAPH =
            "the plan for the north bridge was changed by Ada Lovelace this morning. The piers are"
                    + " now due in May, and the crane that was booked for April is needed two weeks"
                    + " longer. Please look at the new dates and say by Friday whether your part of"
                    + " the work can be done by then, or what else would have to move for it.";

    private final String label;
    private final int paragraphs;

    @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
    private final byte @Nullable [] attachment;

    LetterSize(String label, int paragraphs, int attachmentBytes) {
        this.label = label;
        this.paragraphs = paragraphs;
        this.attachment = attachmentBytes == 0 ? null : noise(attachmentBytes);
    }

    private static byte[] noise(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    public String label() {
        return label;
    }

    public Letter letter(long number) {
        var greeting = "Hello reader " + number + ",";
        return new Letter(
                number,
                FROM,
                "reader-" + number + "@example.org",
                "Task " + number + " was changed: north bridge, piers",
                text(greeting),
                html(greeting),
                attachment);
    }

    private String text(String greeting) {
        return greeting + "\n\n" + (PARAGRAPH + "\n\n").repeat(paragraphs) + "-- \nProjects\n";
    }

    private String html(String greeting) {
        return "<html><body style=\"font-family: sans-serif\">\n<p>"
                + greeting
                + "</p>\n"
                + ("<p>" + PARAGRAPH + "</p>\n").repeat(paragraphs)
                + "<p><a href=\"https://projects.example.com/tasks\">Open the task</a></p>\n"
                + "</body></html>\n";
    }
}

package dev.outmail.mail;

/// The name under which a reader's mail program will offer to save an attachment.
final class FileName {
    static final String NONE = "attachment";
    private static final int MAX_CHARACTERS = 200;
    private static final int MAX_EXTENSION = 20;

    private FileName() {}

    /// A name without directories, control characters, characters that reorder text, and dots that
    /// would hide the file; never empty. What is clean stays as it is.
    static String clean(String written) {
        int separator = Math.max(written.lastIndexOf('/'), written.lastIndexOf('\\'));
        var kept = new StringBuilder(written.length());
        for (int i = separator + 1; i < written.length(); i++) {
            char c = written.charAt(i);
            if (!Characters.isControl(c)
                    && !Characters.isLineSeparator(c)
                    && !Characters.isBidiControl(c)) {
                kept.append(c);
            }
        }
        String name = shorten(trim(kept.toString()));
        return name.isEmpty() ? NONE : name;
    }

    /// Without space and dots in front, and without either at the end, where Windows drops them.
    private static String trim(String name) {
        int start = 0;
        int end = name.length();
        while (start < end && isSpaceOrDot(name.charAt(start))) {
            start++;
        }
        while (end > start && isSpaceOrDot(name.charAt(end - 1))) {
            end--;
        }
        return name.substring(start, end);
    }

    private static boolean isSpaceOrDot(char c) {
        return c == '.' || c == ' ';
    }

    private static String shorten(String name) {
        if (name.length() <= MAX_CHARACTERS) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String extension = dot >= name.length() - MAX_EXTENSION ? name.substring(dot) : "";
        String stem = Characters.atMost(MAX_CHARACTERS - extension.length(), name);
        return trim(stem) + extension;
    }
}

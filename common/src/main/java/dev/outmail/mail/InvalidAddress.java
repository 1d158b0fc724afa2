package dev.outmail.mail;

import dev.outmail.mail.Checked.Faulty;

/// A text that is no mail address, or none that is accepted here. The message says what was wrong
/// and what to do.
public final class InvalidAddress extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private InvalidAddress(String message) {
        super(message);
    }

    static <T> T orThrow(String written, Checked<T> checked) {
        return checked.orThrow(faulty -> new InvalidAddress(message(written, faulty)));
    }

    private static String message(String written, Faulty<?> faulty) {
        return "no valid mail address: "
                + Problem.shown(written)
                + ": "
                + faulty.what()
                + "; "
                + faulty.remedy();
    }
}

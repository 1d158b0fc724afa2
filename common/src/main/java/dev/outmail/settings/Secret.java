package dev.outmail.settings;

import java.util.Arrays;

/// A resolved secret, which shows itself to nobody by accident.
public final class Secret {
    private final char[] value;

    Secret(String value) {
        this.value = value.toCharArray();
    }

    /// The secret itself, for the one call that hands it on.
    public String reveal() {
        return new String(value);
    }

    public void clear() {
        Arrays.fill(value, '\0');
    }

    @Override
    public String toString() {
        return "***";
    }
}

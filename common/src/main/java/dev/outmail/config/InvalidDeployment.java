package dev.outmail.config;

import java.util.List;

/// A deployment that can't be used, with everything that is wrong with it.
public final class InvalidDeployment extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidDeployment(List<String> problems) {
        super("The configuration can't be used:\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /// Each begins with the key that it is about.
    public List<String> problems() {
        return problems;
    }
}

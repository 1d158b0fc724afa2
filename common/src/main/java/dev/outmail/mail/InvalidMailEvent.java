package dev.outmail.mail;

import java.util.List;
import java.util.stream.Collectors;

/// An event that breaks the rules of [MailEventBuilder]; it carries all that is wrong, not only the
/// first.
public final class InvalidMailEvent extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final List<Problem> problems;

    public InvalidMailEvent(List<Problem> problems) {
        super(
                problems.stream()
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n  ", "the event is not valid:\n  ", "")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}

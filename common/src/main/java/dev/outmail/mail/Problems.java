package dev.outmail.mail;

import dev.outmail.mail.Checked.Faulty;
import dev.outmail.mail.Checked.Fine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was found to be wrong so far, in the order found. Beyond 50 they are counted only. Not for
/// use by several threads.
public final class Problems {
    private static final int MAX_LISTED = 50;

    private final List<Problem> found = new ArrayList<>();
    private int unlisted;

    public void add(String field, String what, String remedy) {
        add(new Problem(field, what, remedy));
    }

    public void add(Problem problem) {
        if (found.size() < MAX_LISTED) {
            found.add(problem);
        } else {
            unlisted++;
        }
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Problem> list() {
        if (unlisted == 0) {
            return List.copyOf(found);
        }
        var all = new ArrayList<>(found);
        all.add(new Problem("…", unlisted + " more problems", "mend those above first"));
        return List.copyOf(all);
    }

    /// The value, or null after its fault was added.
    <T> @Nullable T take(String field, String written, Checked<T> checked) {
        return switch (checked) {
            case Fine<T> fine -> fine.value();
            case Faulty<T> faulty -> {
                add(field, Problem.shown(written) + ": " + faulty.what(), faulty.remedy());
                yield null;
            }
        };
    }

    void throwIfAny() {
        if (!isEmpty()) {
            throw new InvalidMailEvent(list());
        }
    }
}

package dev.outmail.mail;

import java.util.function.Function;

/// What became of something a user wrote: the value it stands for, or why it stands for none.
sealed interface Checked<T> {

    record Fine<T>(T value) implements Checked<T> {}

    /// It stands for none.
    ///
    /// @param what what was wrong, to be read after the words that name the field
    /// @param remedy what to do about it
    record Faulty<T>(String what, String remedy) implements Checked<T> {
        <R> Faulty<R> as() {
            return new Faulty<>(what, remedy);
        }
    }

    default <R> Checked<R> then(Function<T, Checked<R>> next) {
        return switch (this) {
            case Fine<T> fine -> next.apply(fine.value());
            case Faulty<T> faulty -> faulty.as();
        };
    }
}

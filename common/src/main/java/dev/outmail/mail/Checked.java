package dev.outmail.mail;

import java.util.function.Function;

/// What became of something a user wrote: the value it stands for, or why it stands for none.
///
/// Its methods are the records' own and no switches over them: the sendmail command checks
/// addresses while its caller waits, and to link the first such switch takes a JVM 10 ms.
sealed interface Checked<T> {

    record Fine<T>(T value) implements Checked<T> {
        @Override
        public <R> Checked<R> then(Function<T, Checked<R>> next) {
            return next.apply(value);
        }

        @Override
        public T orThrow(Function<Faulty<T>, ? extends RuntimeException> failure) {
            return value;
        }
    }

    /// It stands for none.
    ///
    /// @param what what was wrong, to be read after the words that name the field
    /// @param remedy what to do about it
    record Faulty<T>(String what, String remedy) implements Checked<T> {
        <R> Faulty<R> as() {
            return new Faulty<>(what, remedy);
        }

        @Override
        public <R> Checked<R> then(Function<T, Checked<R>> next) {
            return as();
        }

        @Override
        public T orThrow(Function<Faulty<T>, ? extends RuntimeException> failure) {
            throw failure.apply(this);
        }
    }

    <R> Checked<R> then(Function<T, Checked<R>> next);

    T orThrow(Function<Faulty<T>, ? extends RuntimeException> failure);
}

package dev.outmail.producer;

/// The application runs with a version of kafka-clients that may report a record as written that
/// went elsewhere, or with one that nobody can tell.
public final class UnsafeKafkaClients extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String found;

    UnsafeKafkaClients(String found, String message) {
        super(message);
        this.found = found;
    }

    /// The version on the class path, as it calls itself.
    public String found() {
        return found;
    }
}

package dev.outmail.delivery.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The answers since the last clearing, in order. Used by the connection's thread.
final class Transcript {
    private record Exchange(Stage stage, Answer answer) {}

    private final List<Exchange> exchanges = new ArrayList<>();

    void clear() {
        exchanges.clear();
    }

    void add(Stage stage, Answer answer) {
        exchanges.add(new Exchange(stage, answer));
    }

    Optional<Answer> first() {
        return at(0);
    }

    Optional<Answer> second() {
        return at(1);
    }

    Optional<Answer> last() {
        return at(exchanges.size() - 1);
    }

    private Optional<Answer> at(int index) {
        return index < 0 || index >= exchanges.size()
                ? Optional.empty()
                : Optional.of(exchanges.get(index).answer());
    }

    boolean showsLogin() {
        return exchanges.stream()
                .anyMatch(exchange ->
                        exchange.stage() == Stage.AUTH
                                && exchange.answer() instanceof Reply reply
                                && reply.code() == 235);
    }
}

package dev.outmail.deadletters;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// One action on some letters, each of which is reported on once.
public final class Batch {
    private final KafkaClients clients;
    private final Topics topics;
    private final EventLimits limits;
    private final InstantSource clock;
    private final DeadLetters letters;

    public Batch(
            KafkaClients clients,
            Topics topics,
            EventLimits limits,
            InstantSource clock,
            DeadLetters letters) {
        this.clients = clients;
        this.topics = topics;
        this.limits = limits;
        this.clock = clock;
        this.letters = letters;
    }

    /// Does it, or only says what would come of it.
    ///
    /// @param chosen the letters, and by what each was settled before where that counts
    public void run(
            Map<LetterPosition, Optional<Resolution>> chosen,
            Action action,
            Signature signature,
            boolean dryRun,
            BiConsumer<LetterPosition, Result> report) {
        var left = new LinkedHashMap<>(chosen);
        if (left.isEmpty()) {
            return;
        }
        BiConsumer<LetterPosition, Result> told =
                (position, result) -> {
                    left.remove(position);
                    report.accept(position, result);
                };
        try (var resolver = Resolver.open(clients, topics, limits, clock, signature, told)) {
            letters.forEach(
                    List.copyOf(chosen.keySet()),
                    letter -> {
                        var before =
                                chosen.getOrDefault(letter.position(), Optional.empty())
                                        .orElse(null);
                        if (dryRun) {
                            told.accept(
                                    letter.position(), resolver.foresee(letter, before, action));
                        } else {
                            resolver.begin(letter, before, action);
                        }
                    });
            resolver.finish();
        }
        List.copyOf(left.keySet())
                .forEach(gone -> told.accept(gone, new Result.Refused("it is not there any more")));
    }
}

package dev.outmail.producer;

import java.util.Map;

/// What an Outmail knows of its surroundings at a moment.
///
/// @param kafkaAnswers whether Kafka has answered within the last ten seconds
/// @param settingsRead whether the settings were read to their end once: before, mail for the
///   background is published all the same, and mail to be delivered now is held
/// @param revisions of each profile's settings, as known here
/// @param unusable profiles whose settings can't be used here, and why
public record Health(
        boolean kafkaAnswers,
        boolean settingsRead,
        Map<String, Long> revisions,
        Map<String, String> unusable) {
    public Health {
        revisions = Map.copyOf(revisions);
        unusable = Map.copyOf(unusable);
    }
}

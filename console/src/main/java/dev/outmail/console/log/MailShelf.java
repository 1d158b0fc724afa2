package dev.outmail.console.log;

import dev.outmail.config.Deployment;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.settings.SettingsTail;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.time.Instant;
import java.util.Optional;

/// Where mails are looked up: on the topic of events.
final class MailShelf {
    private final KafkaClients clients;
    private final String topic;
    private final SettingsTail settings;
    private final EventCodec codec;

    MailShelf(KafkaClients clients, Deployment deployment, SettingsTail settings) {
        this.clients = clients;
        this.topic = deployment.topics().events();
        this.settings = settings;
        this.codec = new EventCodec(deployment.limits());
    }

    /// The mail of the event there; empty where none is any more, or it is no event.
    Optional<Mail> find(int partition, long offset) {
        return Records.at(clients, topic, partition, offset)
                .flatMap(record ->
                        switch (codec.decode(record.value(), record.headers())) {
                            case Decoded.Ok ok ->
                                    Optional.of(
                                            Mail.of(
                                                    ok.event(),
                                                    Instant.ofEpochMilli(record.timestamp()),
                                                    settings.snapshot()));
                            case Decoded.Malformed _ -> Optional.empty();
                        });
    }
}

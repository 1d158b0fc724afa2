package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Batch;
import dev.outmail.bench.letter.Letter;
import jakarta.mail.MessagingException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.kafka.support.serializer.JacksonJsonDeserializer;
import org.springframework.kafka.support.serializer.JacksonJsonSerializer;
import org.springframework.mail.javamail.JavaMailSender;

/// What a team would write by hand: a Kafka listener with concurrency 8 that sends each mail by
/// JavaMailSender. No retries, no log, no settings.
final class SpringKafkaPeer implements Peer {
    private static final String TOPIC = "mails";
    private static final int CONCURRENCY = 8;
    private static final int UNCONFIRMED = 1_000;

    private final JavaMailSender sender;
    private final DefaultKafkaProducerFactory<String, Letter> producers;
    private final KafkaTemplate<String, Letter> template;
    private final ConcurrentMessageListenerContainer<String, Letter> listener;
    private final Semaphore sent = new Semaphore(0);

    SpringKafkaPeer(Target target) throws Exception {
        createTopic(target);
        this.sender = SpringMail.sender(target);
        this.producers =
                new DefaultKafkaProducerFactory<>(
                        Map.of("bootstrap.servers", target.kafka(), "acks", "all"),
                        new StringSerializer(),
                        new JacksonJsonSerializer<>());
        this.template = new KafkaTemplate<>(producers);
        this.listener = listener(target);
        listener.start();
    }

    private static void createTopic(Target target) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", target.kafka()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Installation.PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private ConcurrentMessageListenerContainer<String, Letter> listener(Target target) {
        var consumers =
                new DefaultKafkaConsumerFactory<>(
                        Map.of(
                                "bootstrap.servers",
                                target.kafka(),
                                "group.id",
                                "mailers",
                                "auto.offset.reset",
                                "earliest"),
                        new StringDeserializer(),
                        new JacksonJsonDeserializer<>(Letter.class));
        var properties = new ContainerProperties(TOPIC);
        properties.setMessageListener(
                (MessageListener<String, Letter>) record -> deliver(record.value()));
        var container = new ConcurrentMessageListenerContainer<>(consumers, properties);
        container.setConcurrency(CONCURRENCY);
        return container;
    }

    private void deliver(Letter letter) {
        try {
            sender.send(SpringMail.compose(sender, letter));
            sent.release();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void send(Batch batch) throws Exception {
        var permits = new Semaphore(UNCONFIRMED);
        for (var letter = batch.next(); letter.isPresent(); letter = batch.next()) {
            permits.acquire();
            var _ =
                    template.send(TOPIC, letter.get().to(), letter.get())
                            .whenComplete((result, failure) -> {
                                if (failure == null) {
                                    permits.release();
                                } else {
                                    failure.printStackTrace();
                                }
                            });
        }
        permits.acquire(UNCONFIRMED);
        sent.acquire(batch.size());
    }

    @Override
    public void close() {
        listener.stop();
        producers.destroy();
    }
}

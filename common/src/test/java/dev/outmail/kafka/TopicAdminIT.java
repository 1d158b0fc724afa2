package dev.outmail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TopicAdminIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Topics topics = new Topics(KAFKA.prefix());
    private final List<TopicSpec> specs = topics.specs(3, 1_000_000);
    private final TopicAdmin admin = new TopicAdmin(KAFKA.admin());

    @Test
    void whatIsMissingIsCreatedAsItShouldBe() throws Exception {
        var before = admin.compare(specs);

        admin.apply(before, Optional.empty());

        assertThat(before)
                .hasSize(specs.size())
                .allMatch(state -> state instanceof TopicState.Missing)
                .extracting(TopicState::spec)
                .isEqualTo(specs);
        awaitAllAsTheyShouldBe();
        assertThat(admin.compare(specs))
                .containsExactlyElementsOf(
                        specs.stream()
                                .map(spec ->
                                        (TopicState)
                                                new TopicState.AsItShouldBe(
                                                        spec, spec.partitions()))
                                .toList());
        assertThat(specs)
                .filteredOn(spec -> spec.partitions() == 1)
                .extracting(TopicSpec::name)
                .containsExactlyInAnyOrder(
                        topics.settings(),
                        topics.settingsHistory(),
                        topics.breakers(),
                        topics.audit(),
                        topics.preferences(),
                        topics.workers());
        assertThat(config(topics.ledger())).containsEntry("cleanup.policy", "compact,delete");
        assertThat(config(topics.settings()))
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("message.timestamp.type", "LogAppendTime");
        assertThat(config(topics.events()))
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "1209600000")
                .containsEntry("max.message.bytes", "1131072");
    }

    @Test
    void applyingTwiceChangesNothing() throws Exception {
        var before = admin.compare(specs);
        admin.apply(before, Optional.empty());
        awaitAllAsTheyShouldBe();
        var applied = config(topics.events());

        admin.apply(before, Optional.empty());
        admin.apply(admin.compare(specs), Optional.empty());

        awaitAllAsTheyShouldBe();
        assertThat(config(topics.events())).isEqualTo(applied);
    }

    @Test
    void comparingOnlyReads() throws Exception {
        admin.compare(specs);

        assertThat(admin.compare(specs)).allMatch(state -> state instanceof TopicState.Missing);
    }

    @Test
    void settingsThatDifferAreToldAndPutRightAndOthersStay() throws Exception {
        KAFKA.createTopic(
                topics.settings(),
                1,
                Map.of("cleanup.policy", "delete", "segment.ms", "1000", "retention.ms", "4242"));
        var differing = state(topics.settings());

        admin.apply(List.of(differing), Optional.empty());

        assertThat(differing)
                .isInstanceOfSatisfying(
                        TopicState.Differs.class,
                        differs ->
                                assertThat(differs.differences())
                                        .containsEntry(
                                                "cleanup.policy",
                                                new TopicState.Difference("delete", "compact"))
                                        .containsEntry(
                                                "segment.ms",
                                                new TopicState.Difference("1000", "86400000"))
                                        .doesNotContainKey("retention.ms"));
        Await.until(
                SOON,
                () -> state(topics.settings()) instanceof TopicState.AsItShouldBe,
                "the settings topic is put right");
        assertThat(config(topics.settings())).containsEntry("retention.ms", "4242");
    }

    /// One partition is what makes a save of settings safe.
    @Test
    void aTopicThatMustHaveOnePartitionAndHasMoreIsAConflictAndStaysAsItIs() throws Exception {
        KAFKA.createTopic(topics.settings(), 2, Map.of("cleanup.policy", "delete"));
        var conflict = state(topics.settings());

        admin.apply(List.of(conflict), Optional.empty());

        assertThat(conflict)
                .isInstanceOfSatisfying(
                        TopicState.Conflicts.class,
                        conflicts ->
                                assertThat(conflicts.problems())
                                        .containsExactly(
                                                "has 2 partitions, must have 1: create it anew"));
        assertThat(state(topics.settings())).isEqualTo(conflict);
        assertThat(config(topics.settings())).containsEntry("cleanup.policy", "delete");
    }

    @Test
    void howManyPartitionsEventsHaveIsTheOperatorsAffair() throws Exception {
        admin.apply(admin.compare(topics.specs(5, 1_000_000)), Optional.empty());
        awaitAllAsTheyShouldBe();

        assertThat(state(topics.events()))
                .isInstanceOfSatisfying(
                        TopicState.AsItShouldBe.class,
                        events -> assertThat(events.partitions()).isEqualTo(5));
    }

    @Test
    void theReplicationFactorCanBeGiven() throws Exception {
        admin.apply(admin.compare(specs), Optional.of((short) 1));

        awaitAllAsTheyShouldBe();
    }

    private void awaitAllAsTheyShouldBe() {
        Await.until(
                SOON,
                () ->
                        admin.compare(specs).stream()
                                .allMatch(state -> state instanceof TopicState.AsItShouldBe),
                "all topics are as they should be");
    }

    private TopicState state(String topic) throws InterruptedException {
        return admin.compare(specs).stream()
                .filter(state -> state.spec().name().equals(topic))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> config(String topic) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var answer = KAFKA.admin().describeConfigs(List.of(resource)).all().get();
        return answer.values().stream()
                .flatMap(config -> config.entries().stream())
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }
}

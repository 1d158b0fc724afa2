package dev.outmail.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.config.Deployment;
import dev.outmail.config.InvalidDeployment;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.producer.MeteredOutmail;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Submission;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.transaction.support.TransactionSynchronizationManager;

class OutmailAutoConfigurationTest {
    private final ApplicationContextRunner application =
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(
                                    OutmailAutoConfiguration.class,
                                    OutmailInTransactionsAutoConfiguration.class,
                                    OutmailHealthAutoConfiguration.class));

    /// With what needs no Kafka.
    private final ApplicationContextRunner inMemory =
            application
                    .withBean("outmailNow", InMemoryOutmail.class)
                    .withPropertyValues("outmail.kafka.bootstrap.servers=127.0.0.1:1");

    @Test
    void anApplicationHasAnOutmailThatIsWatchedAndClosedWithIt() {
        application
                .withBean(SimpleMeterRegistry.class)
                .withPropertyValues("outmail.kafka.bootstrap.servers=127.0.0.1:1")
                .run(context -> {
                    assertThat(context).hasNotFailed().getBean(Outmail.class).isNotNull();
                    assertThat(context.getBean(Outmail.class))
                            .isInstanceOf(TransactionalOutmail.class)
                            .isNotSameAs(context.getBean("outmailNow"));
                    assertThat(context.getBean("outmailNow")).isInstanceOf(MeteredOutmail.class);
                    assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);

                    var outmail = context.getBean(Outmail.class);
                    context.close();

                    assertThat(outmail.publish(mail())).isCompletedExceptionally();
                });
    }

    @Test
    void anApplicationsOwnOutmailCountsAndNeedsNoServers() {
        application
                .withUserConfiguration(OwnOutmail.class)
                .run(context ->
                        assertThat(context)
                                .hasSingleBean(Outmail.class)
                                .getBean(Outmail.class)
                                .isSameAs(context.getBean("own")));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnOutmail {
        @Bean
        Outmail own() {
            return new InMemoryOutmail();
        }
    }

    @Test
    void anApplicationMayHaveSeveral() {
        application
                .withUserConfiguration(OwnOutmail.class)
                .withBean("another", InMemoryOutmail.class)
                .run(context ->
                        assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void itCanBeTurnedOff() {
        application
                .withPropertyValues("outmail.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Outmail.class));
    }

    @Test
    void joiningTransactionsCanBeTurnedOffOrHasNothingToJoin() {
        inMemory.withPropertyValues("outmail.transactional=false")
                .run(context ->
                        assertThat(context.getBean(Outmail.class))
                                .isSameAs(context.getBean("outmailNow")));
        inMemory.withClassLoader(new FilteredClassLoader(TransactionSynchronizationManager.class))
                .run(context ->
                        assertThat(context.getBean(Outmail.class))
                                .isSameAs(context.getBean("outmailNow")));
    }

    @Test
    void whatAnApplicationDoesWithoutIsNotMissed() {
        inMemory.withClassLoader(
                        new FilteredClassLoader(
                                MeterRegistry.class,
                                KafkaConnectionDetails.class,
                                HealthIndicator.class,
                                ConditionalOnEnabledHealthIndicator.class))
                .run(context -> assertThat(context).hasNotFailed().hasBean("outmail"));
    }

    @Test
    void healthTellsWhatIsKnownOfKafkaAndTheSettings() {
        inMemory.run(context -> {
            var health = health(context);

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .isEqualTo(
                            Map.of("kafka", "answers", "settings", "read", "revisions", Map.of()));
        });
        inMemory.withPropertyValues("management.health.outmail.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void eventsAreOfTheApplication() {
        inMemory.withPropertyValues("spring.application.name=projects")
                .run(context ->
                        assertThat(context)
                                .doesNotHaveBean(MailEventBuilder.class)
                                .getBean(Submission.class)
                                .isEqualTo(new Submission("/projects", "default")));
        inMemory.withPropertyValues("outmail.source=urn:crm", "outmail.profile=crm")
                .run(context ->
                        assertThat(context.getBean(Submission.class))
                                .isEqualTo(new Submission("urn:crm", "crm")));
        inMemory.run(context ->
                assertThat(context.getBean(Submission.class)).isEqualTo(new Submission()));
    }

    @Test
    void everyPropertyGetsToTheDeployment() {
        inMemory.withPropertyValues(
                        "outmail.kafka.bootstrap-servers=a:1,b:2",
                        "outmail.kafka.sasl.mechanism=SCRAM-SHA-512",
                        "outmail.topics.prefix=mail.",
                        "outmail.event.max-recipients=7",
                        "outmail.event.max-bytes=2MB",
                        "outmail.worker.id=crm-1",
                        "outmail.outcomes.cloudevents=true",
                        "outmail.preferences.view=false",
                        "outmail.native.sendmail=/opt/sendmail",
                        "outmail.smtp.localhost=crm.example",
                        "outmail.smtp.final-dot-timeout=3m",
                        "outmail.lock.[*.connection.mode]=silent")
                .run(context -> {
                    var deployment = context.getBean(Deployment.class);

                    assertThat(deployment.kafka())
                            .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                            .containsKey("bootstrap.servers");
                    assertThat(deployment.topics().prefix()).isEqualTo("mail.");
                    assertThat(deployment.limits().maxRecipients()).isEqualTo(7);
                    assertThat(deployment.limits().maxBytes()).isEqualTo(2 << 20);
                    assertThat(deployment.worker().id()).isEqualTo("crm-1");
                    assertThat(deployment.outcomesAsCloudEvents()).isTrue();
                    assertThat(deployment.preferencesView()).isFalse();
                    assertThat(deployment.sendmail()).hasToString("/opt/sendmail");
                    assertThat(deployment.smtp().localhost()).isEqualTo("crm.example");
                    assertThat(deployment.smtp().finalDotTimeout()).hasMinutes(3);
                    assertThat(deployment.locks().isEmpty()).isFalse();
                });
    }

    @Test
    void variablesOfTheEnvironmentAreReadAsSpringReadsThem() {
        application
                .withBean("outmailNow", InMemoryOutmail.class)
                .withInitializer(context ->
                        context.getEnvironment()
                                .getPropertySources()
                                .addFirst(
                                        new SystemEnvironmentPropertySource(
                                                "systemEnvironment",
                                                Map.of(
                                                        "OUTMAIL_KAFKA_BOOTSTRAP_SERVERS", "k:1",
                                                        "OUTMAIL_EVENT_MAX_RECIPIENTS", "7",
                                                        "OUTMAIL_SOURCE", "urn:crm",
                                                        // a worker's, in the same environment
                                                        "OUTMAIL_HTTP_PORT", "8081"))))
                .run(context -> {
                    var deployment = context.getBean(Deployment.class);
                    assertThat(deployment.kafka()).containsEntry("bootstrap.servers", "k:1");
                    assertThat(deployment.limits().maxRecipients()).isEqualTo(7);
                    assertThat(context.getBean(Submission.class).source()).isEqualTo("urn:crm");
                });
    }

    @Test
    void theServersOfSpringKafkaAreTakenUnlessOthersAreSaid() {
        var spring =
                application
                        .withBean("outmailNow", InMemoryOutmail.class)
                        .withPropertyValues("spring.kafka.bootstrap-servers=a:1,b:2");

        spring.run(context ->
                assertThat(servers(context.getBean(Deployment.class))).isEqualTo("a:1,b:2"));
        spring.withPropertyValues("outmail.kafka.bootstrap.servers=c:3")
                .run(context ->
                        assertThat(servers(context.getBean(Deployment.class))).isEqualTo("c:3"));
    }

    @Test
    void theWayToThemIsSecuredAsSpringKafkasIs() {
        application
                .withBean("outmailNow", InMemoryOutmail.class)
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withPropertyValues(
                        "spring.kafka.bootstrap-servers=a:1,b:2",
                        "spring.kafka.security.protocol=SASL_SSL",
                        "spring.kafka.ssl.trust-store-type=PEM",
                        "spring.kafka.properties.sasl.mechanism=SCRAM-SHA-512",
                        "spring.kafka.properties.acks=1")
                .run(context ->
                        assertThat(context.getBean(Deployment.class).kafka())
                                .isEqualTo(
                                        Map.of(
                                                "bootstrap.servers", "a:1,b:2",
                                                "security.protocol", "SASL_SSL",
                                                "ssl.truststore.type", "PEM",
                                                "sasl.mechanism", "SCRAM-SHA-512")));
    }

    @Test
    void aServiceConnectionCounts() {
        application
                .withBean("outmailNow", InMemoryOutmail.class)
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class))
                .withUserConfiguration(Container.class)
                .withPropertyValues("spring.kafka.bootstrap-servers=a:1")
                .run(context ->
                        assertThat(servers(context.getBean(Deployment.class)))
                                .isEqualTo("container:9092"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Container {
        @Bean
        KafkaConnectionDetails details() {
            return () -> List.of("container:9092");
        }
    }

    @Test
    void whatIsWrongEndsTheStartAndIsToldByItsNamesHere() {
        application
                .withPropertyValues("outmail.native.sendmail=sendmail", "outmail.topics.prefix=a b")
                .run(context -> {
                    assertThat(context).hasFailed();
                    var failure = Objects.requireNonNull(context.getStartupFailure());
                    var analysis = new InvalidDeploymentAnalyzer().analyze(failure);
                    assertThat(context.getStartupFailure())
                            .hasRootCauseInstanceOf(InvalidDeployment.class);
                    assertThat(Objects.requireNonNull(analysis).getDescription())
                            .contains("    outmail.kafka.bootstrap.servers is missing")
                            .contains(
                                    "    outmail.native.sendmail=sendmail: must be an absolute path")
                            .contains("    outmail.topics.prefix=a b: ");
                    assertThat(analysis.getAction()).contains("spring.kafka.bootstrap-servers");
                });
    }

    @Test
    void kafkaWithoutAnAddressEndsTheStartAndIsToldInPlainWords() {
        // no name that anyone would be asked for
        application
                .withPropertyValues("outmail.kafka.bootstrap.servers=no..host:9092")
                .run(context -> {
                    var failure = Objects.requireNonNull(context.getStartupFailure());
                    var analysis = new UnresolvableKafkaAnalyzer().analyze(failure);
                    assertThat(Objects.requireNonNull(analysis).getDescription())
                            .contains("has an address");
                    assertThat(analysis.getAction()).contains("spring.kafka.bootstrap-servers");

                    var ofOthers = Objects.requireNonNull(analysis.getCause());
                    assertThat(new UnresolvableKafkaAnalyzer().analyze(ofOthers)).isNull();
                });
    }

    @Test
    void anUnknownKeyEndsTheStart() {
        inMemory.withPropertyValues("outmail.topic.prefix=mail.")
                .run(context ->
                        assertThat(context)
                                .getFailure()
                                .rootCause()
                                .hasMessageContaining("outmail.topic.prefix"));
    }

    @Test
    void whatMayBeSecretIsNotShown() {
        inMemory.withPropertyValues("outmail.kafka.sasl.jaas.config=secret")
                .run(context ->
                        assertThat(context.getBean(OutmailProperties.class).toString())
                                .doesNotContain("secret"));
        assertThat(new OutmailProperties.Secrets("secret").toString()).doesNotContain("secret");
    }

    private static Health health(ApplicationContext context) {
        return Objects.requireNonNull(context.getBean(HealthIndicator.class).health());
    }

    private static String servers(Deployment deployment) {
        return deployment.kafka().getOrDefault("bootstrap.servers", "");
    }

    private static MailEvent mail() {
        return MailEvent.builder().id("1").to("ada@example.org").subject("s").text("t").build();
    }
}

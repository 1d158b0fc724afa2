package dev.outmail.spring;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.producer.MeteredOutmail;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Submission;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/// An application's connection to Outmail, the bean `outmailNow`. It is for those who ask for it by
/// its name; others get [OutmailInTransactionsAutoConfiguration]'s.
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "outmail.enabled", matchIfMissing = true)
@EnableConfigurationProperties(OutmailProperties.class)
public final class OutmailAutoConfiguration {
    /// The bean that waits for no commit.
    public static final String NOW = "outmailNow";

    /// Made where somebody asks for it: an Outmail of the application's own may do without.
    @Bean
    @Lazy
    @ConditionalOnMissingBean
    Deployment outmailDeployment(
            OutmailProperties properties,
            ObjectProvider<SpringKafka> springKafka,
            Environment environment) {
        var kafka = springKafka.getIfAvailable(() -> () -> kafkaOf(environment)).keys();
        // The environment's variables are Spring's to read.
        return DeploymentReader.read(properties.deployment(kafka), Map.of());
    }

    /// For an application without Spring for Apache Kafka.
    private static Map<String, String> kafkaOf(Environment environment) {
        return Binder.get(environment)
                .bind("spring.kafka.bootstrap-servers", Bindable.listOf(String.class))
                .map(servers -> Map.of("bootstrap.servers", String.join(",", servers)))
                .orElseGet(Map::of);
    }

    @Bean(name = NOW, defaultCandidate = false)
    @ConditionalOnMissingBean(Outmail.class)
    Outmail outmailNow(Deployment deployment, ObjectProvider<Watch> watch) {
        return watch.getIfAvailable(() -> outmail -> outmail).over(Outmail.connect(deployment));
    }

    /// What events have that do not say it.
    @Bean
    @ConditionalOnMissingBean
    Submission outmailSubmission(OutmailProperties properties, Environment environment) {
        var application = environment.getProperty("spring.application.name", "");
        var source = properties.source() == null ? "/" + application : properties.source();
        return new Submission(source, properties.profile());
    }

    /// What puts meters over an Outmail.
    @FunctionalInterface
    interface Watch {
        Outmail over(Outmail outmail);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(KafkaConnectionDetails.class)
    static class WithSpringKafka {
        @Bean
        @ConditionalOnBean(KafkaConnectionDetails.class)
        SpringKafka outmailSpringKafka(
                KafkaConnectionDetails details,
                KafkaProperties properties,
                OutmailProperties outmail) {
            return new ConnectionOfSpringKafka(details, properties, outmail.kafka());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class WithMetrics {
        @Bean
        @ConditionalOnBean(MeterRegistry.class)
        Watch outmailWatch(MeterRegistry registry) {
            return outmail -> MeteredOutmail.of(outmail, registry);
        }
    }
}

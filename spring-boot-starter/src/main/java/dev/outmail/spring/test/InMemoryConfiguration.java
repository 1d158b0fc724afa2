package dev.outmail.spring.test;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.spring.OutmailAutoConfiguration;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What stands in for Kafka.
@Configuration(proxyBeanMethods = false)
class InMemoryConfiguration {
    @Bean(OutmailAutoConfiguration.NOW)
    InMemoryOutmail outmailNow() {
        return new InMemoryOutmail();
    }

    @Bean
    Deployment outmailDeployment() {
        return DeploymentReader.read(Map.of("kafka.bootstrap.servers", "in-memory:9092"), Map.of());
    }
}

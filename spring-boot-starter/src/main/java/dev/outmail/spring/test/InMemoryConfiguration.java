package dev.outmail.spring.test;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.spring.OutmailAutoConfiguration;
import dev.outmail.spring.OutmailProperties;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What stands in for Kafka.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OutmailProperties.class)
class InMemoryConfiguration {
    @Bean(OutmailAutoConfiguration.NOW)
    InMemoryOutmail outmailNow(Deployment deployment) {
        return new InMemoryOutmail(deployment.limits());
    }

    /// Of what the application says of Kafka and of files nothing counts here; its limits do.
    @Bean
    Deployment outmailDeployment(OutmailProperties application) {
        var keys = new HashMap<>(application.event().keys());
        keys.put("kafka.bootstrap.servers", "in-memory:9092");
        return DeploymentReader.read(keys, Map.of());
    }
}

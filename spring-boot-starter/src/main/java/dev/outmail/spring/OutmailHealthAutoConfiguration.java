package dev.outmail.spring;

import dev.outmail.producer.Outmail;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/// Outmail in the application's health, as `outmail`; not of an application that has several.
@AutoConfiguration(after = OutmailInTransactionsAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnSingleCandidate(Outmail.class)
@ConditionalOnEnabledHealthIndicator("outmail")
public final class OutmailHealthAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "outmailHealthIndicator")
    HealthIndicator outmailHealthIndicator(Outmail outmail) {
        return new OutmailHealthIndicator(outmail);
    }
}

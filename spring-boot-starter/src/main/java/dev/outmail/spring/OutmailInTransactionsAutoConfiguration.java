package dev.outmail.spring;

import dev.outmail.config.Deployment;
import dev.outmail.producer.Outmail;
import dev.outmail.wire.EventCodec;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The bean `outmail`, which applications get that ask for an [Outmail]: it joins transactions,
/// where the application has any and does not say otherwise.
@AutoConfiguration(after = OutmailAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "outmail.enabled", matchIfMissing = true)
@ConditionalOnBean(name = OutmailAutoConfiguration.NOW)
public final class OutmailInTransactionsAutoConfiguration {
    private static final String JOINED = "outmail";

    /// Before the method below has its turn.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(TransactionSynchronizationManager.class)
    @ConditionalOnBooleanProperty(name = "outmail.transactional", matchIfMissing = true)
    static class WithTransactions {
        @Bean(name = JOINED, destroyMethod = "")
        @Primary
        @ConditionalOnMissingBean(name = JOINED)
        Outmail outmail(
                @Qualifier(OutmailAutoConfiguration.NOW) Outmail now,
                Deployment deployment,
                ApplicationEventPublisher listeners) {
            return new TransactionalOutmail(now, new EventCodec(deployment.limits()), listeners);
        }
    }

    @Bean(name = JOINED, destroyMethod = "")
    @Primary
    @ConditionalOnMissingBean(name = JOINED)
    Outmail outmail(@Qualifier(OutmailAutoConfiguration.NOW) Outmail now) {
        return now;
    }
}

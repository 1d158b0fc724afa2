package dev.outmail.spring;

import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says where the servers of Outmail stand, where none of them has an address.
final class UnresolvableKafkaAnalyzer extends AbstractFailureAnalyzer<ConfigException> {
    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ConfigException cause) {
        boolean unresolvable =
                String.valueOf(cause.getMessage()).startsWith("No resolvable bootstrap urls");
        return unresolvable && isOfOutmail(rootFailure) ? analysis(cause) : null;
    }

    private static FailureAnalysis analysis(ConfigException cause) {
        return new FailureAnalysis(
                "No host of the Kafka that Outmail publishes to has an address here.",
                "Correct outmail.kafka.bootstrap.servers or spring.kafka.bootstrap-servers, or"
                        + " start again when the hosts' names are known. A Kafka that has an"
                        + " address and does not answer keeps no application from starting.",
                cause);
    }

    private static boolean isOfOutmail(Throwable failure) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (next instanceof BeanCreationException bean
                    && OutmailAutoConfiguration.NOW.equals(bean.getBeanName())) {
                return true;
            }
        }
        return false;
    }
}

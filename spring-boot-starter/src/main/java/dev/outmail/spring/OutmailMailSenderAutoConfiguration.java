package dev.outmail.spring;

import dev.outmail.producer.Outmail;
import dev.outmail.producer.Submission;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.mail.MailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/// A JavaMailSender that publishes to Outmail, in place of Spring Boot's. It backs off before the
/// application's own, and before a server in `spring.mail` unless the application says otherwise.
@AutoConfiguration(
        after = OutmailInTransactionsAutoConfiguration.class,
        beforeName = "org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration")
@ConditionalOnBooleanProperty(name = "outmail.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(Outmail.class)
@ConditionalOnMissingBean(MailSender.class)
@Conditional(OutmailMailSenderAutoConfiguration.Wanted.class)
public final class OutmailMailSenderAutoConfiguration {
    private static final Bindable<Map<String, String>> PROPERTIES =
            Bindable.mapOf(String.class, String.class);

    @Bean
    JavaMailSenderImpl outmailMailSender(
            Outmail outmail, Submission submission, Environment environment) {
        var properties =
                Binder.get(environment)
                        .bind("spring.mail.properties", PROPERTIES)
                        .orElseGet(Map::of);
        var sender = new OutmailMailSender(outmail, submission, properties);
        sender.setDefaultEncoding(environment.getProperty("spring.mail.default-encoding", "UTF-8"));
        return sender;
    }

    static final class Wanted extends SpringBootCondition {
        @Override
        public ConditionOutcome getMatchOutcome(
                ConditionContext context, AnnotatedTypeMetadata metadata) {
            var environment = context.getEnvironment();
            var said = environment.getProperty("outmail.mail-sender.enabled", Boolean.class);
            return said == null
                    ? unlessAServerIsNamed(environment)
                    : new ConditionOutcome(said, "outmail.mail-sender.enabled is " + said);
        }

        private static ConditionOutcome unlessAServerIsNamed(Environment environment) {
            boolean named =
                    environment.containsProperty("spring.mail.host")
                            || environment.containsProperty("spring.mail.jndi-name");
            return new ConditionOutcome(
                    !named,
                    ConditionMessage.of("spring.mail names " + (named ? "a server" : "no server")));
        }
    }
}

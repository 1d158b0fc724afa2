package dev.outmail.spring;

import dev.outmail.jakarta.OutmailTransport;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Submission;
import jakarta.mail.MessagingException;
import java.util.Map;
import java.util.Properties;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/// Spring's mail sender on an application's Outmail.
final class OutmailMailSender extends JavaMailSenderImpl {
    private final Outmail outmail;

    /// @param submission what mails have that don't say it
    /// @param properties of Jakarta Mail's session, beside ours
    OutmailMailSender(Outmail outmail, Submission submission, Map<String, String> properties) {
        this.outmail = outmail;
        var all = new Properties();
        all.putAll(properties);
        all.put(OutmailTransport.OUTMAIL, outmail);
        all.setProperty("mail.outmail.source", submission.source());
        all.setProperty("mail.outmail.profile", submission.profile());
        setJavaMailProperties(all);
        setProtocol("outmail");
        // nobody connects there; health shows it
        setHost("outmail");
    }

    /// Tells what Outmail knows, for the application's health; a connection says nothing of Kafka.
    @Override
    public void testConnection() throws MessagingException {
        if (!outmail.health().kafkaAnswers()) {
            throw new MessagingException("Kafka does not answer Outmail");
        }
    }
}

package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Letter;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.mail.javamail.MimeMessageHelper;

/// Composing with Spring.
final class SpringMail {
    private SpringMail() {}

    static JavaMailSender sender(Target target) {
        var sender = new JavaMailSenderImpl();
        sender.setHost(target.host());
        sender.setPort(target.port());
        sender.getJavaMailProperties().put("mail.smtp.localhost", "bench.localhost");
        return sender;
    }

    static MimeMessage compose(JavaMailSender sender, Letter letter) throws MessagingException {
        var message = sender.createMimeMessage();
        var helper = new MimeMessageHelper(message, true, "UTF-8");
        helper.setFrom(letter.from());
        helper.setTo(letter.to());
        helper.setSubject(letter.subject());
        helper.setText(letter.text(), letter.html());
        var attachment = letter.attachment();
        if (attachment != null) {
            helper.addAttachment(
                    Letter.ATTACHMENT_NAME,
                    new ByteArrayResource(attachment),
                    Letter.ATTACHMENT_TYPE);
        }
        return message;
    }
}

package dev.outmail.delivery.smtp;

import dev.outmail.settings.Secrets;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocketFactory;

/// What all SMTP transports of a program have in common: our side of the conversations.
///
/// @param ehloName what we call ourselves, a domain name or an address literal (RFC 5321 §4.1.4)
/// @param secrets where passwords come from
/// @param tls whom we trust
/// @param scheduler enforces deadlines and closes idle connections, in short tasks
/// @param nanoTicker a monotonic clock
/// @param threads carry messages, each over one connection for as long as any wait
public record SmtpClient(
        String ehloName,
        Secrets secrets,
        SSLSocketFactory tls,
        SmtpTimeouts timeouts,
        ScheduledExecutorService scheduler,
        LongSupplier nanoTicker,
        ThreadFactory threads) {
    public SmtpClient {
        if (!ehloName.matches("[A-Za-z0-9.:\\[\\]-]+")) {
            throw new IllegalArgumentException(
                    "the EHLO name must be a domain name or an address literal, not '"
                            + ehloName
                            + "'");
        }
    }

    /// Usual timeouts, the JVM's own trust store and clock, and virtual threads.
    public static SmtpClient of(
            String ehloName, Secrets secrets, ScheduledExecutorService scheduler) {
        return of(ehloName, secrets, SmtpTimeouts.DEFAULT, scheduler);
    }

    /// The JVM's own trust store and clock, and virtual threads.
    public static SmtpClient of(
            String ehloName,
            Secrets secrets,
            SmtpTimeouts timeouts,
            ScheduledExecutorService scheduler) {
        return new SmtpClient(
                ehloName,
                secrets,
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                timeouts,
                scheduler,
                System::nanoTime,
                Thread.ofVirtual().name("smtp-", 0).factory());
    }
}

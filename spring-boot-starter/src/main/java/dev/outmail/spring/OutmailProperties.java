package dev.outmail.spring;

import dev.outmail.mail.MailEvent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;

/// What an application says of Outmail, below `outmail`. A key that is not known ends the start.
/// What is not said has the default of a deployment.
///
/// @param enabled Whether there is an Outmail at all.
/// @param source Who publishes, where an event or a mail does not say; unless said "/" and
///   spring.application.name.
/// @param profile The settings to use, where an event or a mail does not say.
/// @param transactional Whether what is sent within a transaction waits for its commit.
/// @param kafka What goes to Kafka's clients, by Kafka's names. The servers and what secures the
///   way to them are taken from spring.kafka, unless said here.
/// @param lock Fields of settings that have these values here whatever was saved, as PROFILE.FIELD
///   for one profile or [*.FIELD] for all.
@ConfigurationProperties(prefix = "outmail", ignoreUnknownFields = false)
public record OutmailProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String source,
        @DefaultValue(MailEvent.DEFAULT_PROFILE) String profile,
        @DefaultValue("true") boolean transactional,
        @DefaultValue Map<String, String> kafka,
        @DefaultValue Topics topics,
        @DefaultValue Event event,
        @DefaultValue Worker worker,
        @DefaultValue Outcomes outcomes,
        @DefaultValue Preferences preferences,
        @Name("native") @DefaultValue NativeMailer nativeMailer,
        @DefaultValue Smtp smtp,
        @DefaultValue Secrets secrets,
        @DefaultValue Map<String, String> lock,
        @DefaultValue MailSender mailSender) {

    public OutmailProperties {
        kafka = Map.copyOf(kafka);
        lock = Map.copyOf(lock);
    }

    /// Where the topics are.
    ///
    /// @param prefix What the names of all topics begin with; "outmail." unless said.
    public record Topics(@Nullable String prefix) {}

    /// What an event may be at most.
    ///
    /// @param maxRecipients Recipients that an event may have; 100 unless said.
    /// @param maxBytes How large an event may be as JSON; 10 MB unless said.
    public record Event(@Nullable Integer maxRecipients, @Nullable DataSize maxBytes) {
        /// As a deployment has it.
        public Map<String, String> keys() {
            var keys = new TreeMap<String, String>();
            put(keys, "event.max-recipients", maxRecipients);
            put(keys, "event.max-bytes", maxBytes == null ? null : maxBytes.toBytes());
            return keys;
        }
    }

    /// How this application is named.
    ///
    /// @param id Its name in the fleet, and in the mailing log of what it delivers itself; the
    ///   host's name and the process's number unless said.
    public record Worker(@Nullable String id) {}

    /// What becomes of mail that is delivered in process.
    ///
    /// @param cloudevents Whether the records of the mailing log that this application writes are
    ///   CloudEvents, too; false unless said.
    public record Outcomes(@Nullable Boolean cloudevents) {}

    /// What recipients chose for themselves.
    ///
    /// @param view Whether this application follows what recipients chose, where the settings let
    ///   them; true unless said.
    public record Preferences(@Nullable Boolean view) {}

    /// The host's own mailer, for mail that is delivered in process.
    ///
    /// @param sendmail The native mailer's command, an absolute path; /usr/sbin/sendmail unless
    ///   said.
    public record NativeMailer(@Nullable String sendmail) {}

    /// SMTP, for mail that is delivered in process.
    ///
    /// @param localhost The name that is given in EHLO; the host's unless said.
    /// @param finalDotTimeout How long a server may take for the answer to the final dot; 10
    ///   minutes unless said.
    public record Smtp(@Nullable String localhost, @Nullable Duration finalDotTimeout) {}

    /// Passwords in the settings, for mail that is delivered in process.
    ///
    /// @param keys Keys to sealed passwords, as ID=file:/PATH or ID=env:NAME, parted by commas.
    public record Secrets(@Nullable String keys) {
        @Override
        public String toString() {
            return "Secrets[***]";
        }
    }

    /// The JavaMailSender.
    ///
    /// @param enabled Whether there is one that publishes to Outmail; unless said, where
    ///   spring.mail names no server.
    public record MailSender(@Nullable Boolean enabled) {}

    /// The keys of a deployment.
    ///
    /// @param kafkaOfSpring what counts less than [#kafka()]
    Map<String, String> deployment(Map<String, String> kafkaOfSpring) {
        var keys = new TreeMap<String, String>();
        kafkaOfSpring.forEach((key, value) -> keys.put("kafka." + key, value));
        // Spring's way of writing them is taken, too: no key of Kafka's has a dash.
        kafka.forEach((key, value) -> keys.put("kafka." + key.replace('-', '.'), value));
        lock.forEach((key, value) -> keys.put("lock." + key, value));
        put(keys, "topics.prefix", topics.prefix());
        keys.putAll(event.keys());
        put(keys, "worker.id", worker.id());
        put(keys, "outcomes.cloudevents", onOrOff(outcomes.cloudevents()));
        put(keys, "preferences.view", onOrOff(preferences.view()));
        put(keys, "native.sendmail", nativeMailer.sendmail());
        put(keys, "smtp.localhost", smtp.localhost());
        put(keys, "smtp.final-dot-timeout", smtp.finalDotTimeout());
        put(keys, "secrets.keys", secrets.keys());
        return keys;
    }

    private static void put(Map<String, String> keys, String key, @Nullable Object value) {
        if (value != null) {
            keys.put(key, value.toString());
        }
    }

    private static @Nullable String onOrOff(@Nullable Boolean on) {
        return on == null ? null : on ? "on" : "off";
    }

    /// Without what may be secret.
    @Override
    public String toString() {
        return "OutmailProperties[source=" + source + ", profile=" + profile + "]";
    }
}

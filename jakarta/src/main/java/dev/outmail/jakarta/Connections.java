package dev.outmail.jakarta;

import dev.outmail.mail.EventId;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.Outmail;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The connections of this program to Outmail, one for each configuration: Jakarta Mail has a
/// transport for each mail, which could not each find Kafka anew. They last as long as the program,
/// or until [OutmailTransport#closeAll()].
final class Connections {
    /// What the names of the session's properties start with; the rest is a deployment's key.
    static final String PREFIX = "mail.outmail.";

    /// What Jakarta Mail and its own transports know for each protocol, itself or as the beginning
    /// of several names. Programs set them for whatever protocol they use; none is a deployment's
    /// key.
    private static final Set<String> OF_JAKARTA_MAIL =
            Set.of(
                    "allow8bitmime",
                    "auth",
                    "chunksize",
                    "class",
                    "connectiontimeout",
                    "debug",
                    "dsn",
                    "ehlo",
                    "from",
                    "host",
                    "localaddress",
                    "localhost",
                    "localport",
                    "mailextension",
                    "noop",
                    "password",
                    "port",
                    "proxy",
                    "quitonsessionreject",
                    "quitwait",
                    "reportsuccess",
                    "sasl",
                    "sendpartial",
                    "socketFactory",
                    "socks",
                    "ssl",
                    "starttls",
                    "submitter",
                    "timeout",
                    "user",
                    "usesocketchannels",
                    "userset",
                    "writetimeout");

    private static final Map<Map<String, String>, Outmail> OPEN = new ConcurrentHashMap<>();

    private Connections() {}

    /// The one for a configuration, opened where it is not there yet.
    static Outmail of(Map<String, String> config) {
        return of(config, Outmail::connect);
    }

    /// Whoever finds it open does not wait for those that are being opened, which takes a while
    /// where Kafka's hosts are looked for in vain.
    static Outmail of(Map<String, String> config, Function<Map<String, String>, Outmail> connect) {
        var open = OPEN.get(config);
        return open != null ? open : OPEN.computeIfAbsent(config, connect);
    }

    /// A deployment's keys, as a session's properties have them.
    static Map<String, String> config(Properties properties) {
        var config = new HashMap<String, String>();
        for (var name : properties.stringPropertyNames()) {
            if (name.startsWith(PREFIX) && !OutmailTransport.OWN.contains(name)) {
                config.put(name.substring(PREFIX.length()), properties.getProperty(name));
            }
        }
        config.keySet().removeIf(Connections::isOfJakartaMail);
        return config;
    }

    private static boolean isOfJakartaMail(String key) {
        int dot = key.indexOf('.');
        return OF_JAKARTA_MAIL.contains(dot < 0 ? key : key.substring(0, dot));
    }

    static void closeAll() {
        var left = new ArrayList<EventId>();
        for (var config : Set.copyOf(OPEN.keySet())) {
            var one = OPEN.remove(config);
            try {
                if (one != null) {
                    one.close();
                }
            } catch (MailNotAccepted e) {
                left.addAll(e.events());
            }
        }
        if (!left.isEmpty()) {
            throw new MailNotAccepted(
                    "Kafka did not confirm " + left.size() + " events before Outmail was closed",
                    left,
                    null);
        }
    }
}

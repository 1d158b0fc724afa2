package dev.outmail.jakarta;

import dev.outmail.mail.EventId;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.Outmail;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// The connections of this program to Outmail, one for each configuration: Jakarta Mail has a
/// transport for each mail, which could not each find Kafka anew. They last as long as the program,
/// or until [OutmailTransport#closeAll()].
final class Connections {
    /// What the names of the session's properties start with; the rest is a deployment's key.
    static final String PREFIX = "mail.outmail.";

    private static final Map<Map<String, String>, Outmail> OPEN = new HashMap<>();

    private Connections() {}

    /// The one for a configuration, opened where it is not there yet.
    static Outmail of(Map<String, String> config) {
        synchronized (OPEN) {
            return OPEN.computeIfAbsent(config, Outmail::connect);
        }
    }

    /// A deployment's keys, as a session's properties have them.
    static Map<String, String> config(Properties properties) {
        var config = new HashMap<String, String>();
        for (var name : properties.stringPropertyNames()) {
            if (name.startsWith(PREFIX) && !OutmailTransport.OWN.contains(name)) {
                config.put(name.substring(PREFIX.length()), properties.getProperty(name));
            }
        }
        return config;
    }

    static void closeAll() {
        List<Outmail> all;
        synchronized (OPEN) {
            all = List.copyOf(OPEN.values());
            OPEN.clear();
        }
        var left = new ArrayList<EventId>();
        for (var one : all) {
            try {
                one.close();
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

package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.settings.Binding;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.Sealed;

/// A password to be sealed for the server that it turns out to be for. No record: it shows nothing.
final class PasswordSealing {
    private final KeyRing keys;
    private final String topic;
    private final String profile;
    private final String password;

    private PasswordSealing(KeyRing keys, String topic, String profile, String password) {
        this.keys = keys;
        this.topic = topic;
        this.profile = profile;
        this.password = password;
    }

    static PasswordSealing of(Deployment deployment, String profile, String password) {
        return new PasswordSealing(
                deployment.keys(), deployment.topics().settings(), profile, password);
    }

    /// Passes when there is a key to seal with: before anybody types anything.
    static void requireKey(Deployment deployment) {
        if (deployment.keys().primary().isEmpty()) {
            throw Failure.wrongUsage(
                    "There is no key to seal passwords with: set secrets.keys, or the environment"
                            + " variable OUTMAIL_SECRETS_KEYS, here and for the workers; make one"
                            + " with: outmail secrets generate-key");
        }
    }

    Sealed seal(SmtpServer server, String username) {
        return keys.seal(password, Binding.of(topic, profile, server, username));
    }
}

package dev.outmail.worker;

import dev.outmail.settings.Secrets;
import dev.outmail.settings.SettingsSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which sealed passwords this worker can't open, known before a mail needs one: a worker that was
/// started with a ring in which a key is missing says so at once. Such a profile's mail waits like
/// that of any other login that is wrong; that of the others goes.
final class SealedPasswords {
    private static final Logger log = LoggerFactory.getLogger(SealedPasswords.class);

    private final Secrets secrets;

    /// Why, by profile; written by the settings' thread.
    private volatile Map<String, String> unopened = Map.of();

    SealedPasswords(Secrets secrets) {
        this.secrets = secrets;
    }

    void settingsChanged(SettingsSnapshot settings) {
        var before = unopened;
        var now = secrets.unopened(settings);
        unopened = now;
        now.forEach((profile, why) -> {
            if (!why.equals(before.get(profile))) {
                log.atError()
                        .addKeyValue("profile", profile)
                        .addKeyValue("why", why)
                        .log("A sealed password can't be opened; the profile's mail waits");
            }
        });
        before.keySet().stream()
                .filter(profile -> !now.containsKey(profile))
                .forEach(profile ->
                        log.atInfo()
                                .addKeyValue("profile", profile)
                                .log("No sealed password is in the way of the profile's mail now"));
    }

    /// What is wrong, if anything is.
    Optional<String> trouble() {
        var now = unopened;
        return now.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        now.entrySet().stream()
                                .map(one ->
                                        "the mail of the profile '"
                                                + one.getKey()
                                                + "' waits, as its password can't be opened: "
                                                + one.getValue())
                                .collect(Collectors.joining("\n")));
    }
}

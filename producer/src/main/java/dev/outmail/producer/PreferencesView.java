package dev.outmail.producer;

import dev.outmail.config.Deployment;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.preferences.Preferences;
import dev.outmail.preferences.PreferencesTail;
import dev.outmail.settings.SettingsSnapshot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// What recipients chose, as this application follows it: from the moment on that a profile lets
/// them choose, so that no other application reads it for nothing; never where the deployment says
/// so.
final class PreferencesView implements AutoCloseable {
    private final boolean on;
    private final PreferencesTail tail;
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();

    /// Whether senders still wait for what was not read yet. Once is enough: where the topic is
    /// missing, each of them would.
    private volatile boolean patient = true;

    PreferencesView(Deployment deployment, KafkaClients clients) {
        on = deployment.preferencesView();
        tail = new PreferencesTail(clients, deployment.topics());
        thread = Thread.ofPlatform().name("outmail-preferences").daemon().unstarted(tail);
    }

    void settingsChanged(SettingsSnapshot settings) {
        boolean needed =
                settings.profiles().values().stream()
                        .anyMatch(profile -> profile.settings().usersMayChoose());
        if (on && needed && started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /// Waits until they were read; for once only, if that takes longer.
    void awaitRead(Duration atMost) {
        if (!on || !patient) {
            return;
        }
        try {
            patient = tail.awaitRead(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// As far as they were read; nobody has chosen anything before.
    Preferences preferences() {
        return tail.preferences();
    }

    @Override
    public void close() {
        tail.close();
    }
}

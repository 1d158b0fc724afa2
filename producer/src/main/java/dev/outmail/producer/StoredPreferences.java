package dev.outmail.producer;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EmailAddress;
import dev.outmail.preferences.Preference;
import dev.outmail.preferences.PreferencesStore;
import dev.outmail.settings.Timing;
import java.time.Duration;
import java.util.Optional;

/// Preferences on their topic.
final class StoredPreferences implements RecipientPreferences {
    private final PreferencesStore store;

    StoredPreferences(KafkaClients clients, Topics topics) {
        store = new PreferencesStore(clients, topics);
    }

    @Override
    public Optional<Timing> show(String address) {
        return store.read(EmailAddress.parse(address));
    }

    @Override
    public void set(String address, Timing timing) {
        store.set(new Preference(EmailAddress.parse(address), timing));
    }

    @Override
    public void clear(String address) {
        store.clear(EmailAddress.parse(address));
    }

    /// @param timeout for what is being written
    void close(Duration timeout) {
        store.close(timeout);
    }
}

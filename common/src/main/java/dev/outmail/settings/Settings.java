package dev.outmail.settings;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One profile's outgoing-mail settings.
///
/// @param usersMayChoose whether recipients' own choice of timing counts
/// @param sender null while the admin has entered none: then every event must name its own
/// @param giveUpAfter how old a mail may get before it is not tried again
/// @param guards what keeps mail from its recipients
public record Settings(
        Connection connection,
        Timing timing,
        boolean usersMayChoose,
        @Nullable Sender sender,
        Duration giveUpAfter,
        Guards guards) {
    /// Shorter than the events' retention, with time to spare for a paused fleet.
    public static final Duration LONGEST_GIVE_UP_AFTER = Duration.ofDays(7);

    /// What a new profile starts with: everything runs, nothing leaves.
    public static final Settings INITIAL =
            new Settings(
                    new Connection.Silent(),
                    Timing.IN_BACKGROUND,
                    false,
                    null,
                    Duration.ofDays(5),
                    Guards.NONE);

    public Settings {
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(guards, "guards");
        if (giveUpAfter.compareTo(Duration.ofMinutes(1)) < 0
                || giveUpAfter.compareTo(LONGEST_GIVE_UP_AFTER) > 0) {
            throw new IllegalArgumentException(
                    "retry.giveUpAfter must be between PT1M and P7D, not " + giveUpAfter);
        }
    }

    public Settings withConnection(Connection changed) {
        return new Settings(changed, timing, usersMayChoose, sender, giveUpAfter, guards);
    }

    public Settings withTiming(Timing changed) {
        return new Settings(connection, changed, usersMayChoose, sender, giveUpAfter, guards);
    }

    public Settings withUsersMayChoose(boolean changed) {
        return new Settings(connection, timing, changed, sender, giveUpAfter, guards);
    }

    public Settings withSender(@Nullable Sender changed) {
        return new Settings(connection, timing, usersMayChoose, changed, giveUpAfter, guards);
    }

    public Settings withGiveUpAfter(Duration changed) {
        return new Settings(connection, timing, usersMayChoose, sender, changed, guards);
    }

    public Settings withGuards(Guards changed) {
        return new Settings(connection, timing, usersMayChoose, sender, giveUpAfter, changed);
    }
}

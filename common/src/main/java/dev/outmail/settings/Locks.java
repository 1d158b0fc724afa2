package dev.outmail.settings;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Problem;
import dev.outmail.wire.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Fields of settings that a deployment pins: whatever the settings topic says of them, here they
/// have these values. They are put over the settings before anybody sees these.
public final class Locks {
    public static final Locks NONE = new Locks(Map.of());

    /// What stands for all profiles; a lock of a profile by its name counts more.
    private static final String ALL = "*";

    private static final String HIDDEN = "***";
    private static final String PREFIX = "lock.";

    /// Settings that have every field, on which locks are tried.
    private static final Settings WHOLE =
            Settings.INITIAL
                    .withConnection(
                            new Connection.SmtpServer(
                                    "localhost",
                                    25,
                                    Connection.Security.NONE,
                                    new Connection.Login("user", SecretReference.parse("env:USER")),
                                    Connection.SmtpServer.DEFAULT_MAX_CONNECTIONS,
                                    null))
                    .withSender(new Sender(EmailAddress.parse("sender@example.com"), null, false));

    private final Map<String, Map<LockableField, String>> byProfile;

    private Locks(Map<String, Map<LockableField, String>> byProfile) {
        this.byProfile = Map.copyOf(byProfile);
    }

    /// What settings with their locks are.
    public sealed interface Locked {
        record Ok(ProfileSettings settings) implements Locked {}

        /// No settings at all, such as a server without a host.
        record Unusable(List<Problem> problems) implements Locked {
            public Unusable {
                problems = List.copyOf(problems);
            }

            @Override
            public String toString() {
                return problems.stream().map(Problem::toString).collect(Collectors.joining(". "));
            }
        }
    }

    /// Reads locks.
    ///
    /// @param written values by a profile, or `*`, and a field, such as `default.connection.mode`;
    ///   case makes no difference to fields, as variables of an environment have none. Of two that
    ///   mean the same the later one in the order of their names counts.
    /// @param problems hears of everything that is wrong
    public static Locks read(Map<String, String> written, Consumer<String> problems) {
        var byProfile = new HashMap<String, Map<LockableField, String>>();
        new TreeMap<>(written)
                .forEach((key, value) -> {
                    var field = field(key);
                    if (field == null) {
                        problems.accept(unknown(key));
                    } else {
                        byProfile
                                .computeIfAbsent(
                                        profile(key, field),
                                        unused -> new EnumMap<>(LockableField.class))
                                .put(field, value.strip());
                    }
                });
        var locks = new Locks(byProfile);
        locks.check(problems);
        return locks;
    }

    /// The field that ends a key and has a profile before it; no field's name ends with another's.
    private static @Nullable LockableField field(String key) {
        for (var field : LockableField.values()) {
            var end = "." + field.written();
            int start = key.length() - end.length();
            if (start > 0
                    && key.regionMatches(true, start, end, 0, end.length())
                    && isProfile(key.substring(0, start))) {
                return field;
            }
        }
        return null;
    }

    private static String profile(String key, LockableField field) {
        return key.substring(0, key.length() - field.written().length() - 1);
    }

    private static boolean isProfile(String name) {
        return name.equals(ALL) || name.matches("[A-Za-z0-9._-]{1,100}");
    }

    private static String unknown(String key) {
        return "unknown key "
                + PREFIX
                + key
                + nearest(key).map(near -> "; did you mean " + PREFIX + near + "?").orElse(".")
                + " A lock is lock.PROFILE.FIELD, or lock.*.FIELD for all profiles; the fields are "
                + String.join(", ", LockableField.names());
    }

    private static Optional<String> nearest(String key) {
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
            var field = Nearest.to(key.substring(dot + 1), LockableField.names());
            if (field.isPresent()) {
                var profile = key.substring(0, dot);
                return Optional.of((isProfile(profile) ? profile : ALL) + "." + field.get());
            }
        }
        return Nearest.to(key, LockableField.names()).map(field -> ALL + "." + field);
    }

    /// Tells what would be wrong whatever the settings are.
    private void check(Consumer<String> problems) {
        var all = locked(new ProfileSettings(ALL, 1, WHOLE));
        if (all instanceof Locked.Unusable unusable) {
            tell(ALL, unusable, problems);
            return;
        }
        for (var profile : new TreeMap<>(byProfile).keySet()) {
            if (locked(new ProfileSettings(profile, 1, WHOLE))
                    instanceof Locked.Unusable unusable) {
                tell(profile, unusable, problems);
            }
        }
    }

    private static void tell(String profile, Locked.Unusable unusable, Consumer<String> problems) {
        unusable.problems().forEach(problem -> problems.accept(PREFIX + profile + "." + problem));
    }

    public boolean isEmpty() {
        return byProfile.isEmpty();
    }

    /// All settings with their locks. A profile whose settings are none with them is not among the
    /// profiles, but among those that can't be used.
    public SettingsSnapshot applyTo(SettingsSnapshot settings) {
        if (isEmpty()) {
            return settings;
        }
        var usable = new HashMap<String, ProfileSettings>();
        var unusable = new HashMap<>(settings.unusable());
        settings.profiles()
                .forEach((profile, unlocked) -> {
                    switch (locked(unlocked)) {
                        case Locked.Ok ok -> usable.put(profile, ok.settings());
                        case Locked.Unusable none -> unusable.put(profile, none.toString());
                    }
                });
        return new SettingsSnapshot(usable, unusable);
    }

    /// A profile's settings with its locks.
    public Locked locked(ProfileSettings settings) {
        var locks = of(settings.profile());
        if (locks.isEmpty()) {
            return new Locked.Ok(settings);
        }
        var json = SettingsCodec.toJson(settings);
        locks.forEach((field, value) -> field.put(json, value));
        var bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        return switch (SettingsCodec.decode(settings.profile(), bytes)) {
            case SettingsCodec.Decoded.Ok ok -> new Locked.Ok(ok.settings());
            case SettingsCodec.Decoded.Malformed malformed ->
                    new Locked.Unusable(malformed.problems());
        };
    }

    private Map<LockableField, String> of(String profile) {
        var locks = new EnumMap<LockableField, String>(LockableField.class);
        locks.putAll(byProfile.getOrDefault(ALL, Map.of()));
        locks.putAll(byProfile.getOrDefault(profile, Map.of()));
        return locks;
    }

    /// The fields that a change of settings would change and that these locks change back.
    ///
    /// @throws IllegalArgumentException when the changed settings can't be used with the locks
    public List<String> undone(String profile, Settings before, Settings after) {
        return switch (locked(new ProfileSettings(profile, 1, after))) {
            case Locked.Ok ok -> {
                var changedBack = names(SettingsDiff.between(after, ok.settings().settings()));
                yield names(SettingsDiff.between(before, after)).stream()
                        .filter(changedBack::contains)
                        .filter(fields(profile)::containsKey)
                        .toList();
            }
            case Locked.Unusable unusable ->
                    throw new IllegalArgumentException(
                            "With what is locked here these settings can't be used, and nothing is saved: "
                                    + unusable);
        };
    }

    private static List<String> names(List<FieldChange> changes) {
        return changes.stream().map(FieldChange::field).toList();
    }

    /// The fields that are locked of a profile, by their names, with the values that they have. In
    /// place of what leads to a secret is `***`.
    public Map<String, String> fields(String profile) {
        return shown("", of(profile));
    }

    /// All locks, by profile (or `*`) and field, such as `default/connection.mode`, shown likewise.
    public Map<String, String> all() {
        var all = new TreeMap<String, String>();
        byProfile.forEach((profile, locks) -> all.putAll(shown(profile + "/", locks)));
        return all;
    }

    /// Locks as [#all] shows them, but for what leads to a secret, and for what this version does
    /// not know.
    public static Locks told(Map<String, String> shown) {
        var written = new HashMap<String, String>();
        shown.forEach((lock, value) -> {
            if (!value.equals(HIDDEN)) {
                written.put(lock.replace('/', '.'), value);
            }
        });
        return read(written, problem -> {});
    }

    private static Map<String, String> shown(String before, Map<LockableField, String> locks) {
        var shown = new TreeMap<String, String>();
        locks.forEach((field, value) ->
                shown.put(before + field.written(), field.isSecret() ? HIDDEN : value));
        return shown;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Locks that && byProfile.equals(that.byProfile);
    }

    @Override
    public int hashCode() {
        return byProfile.hashCode();
    }

    @Override
    public String toString() {
        return all().toString();
    }
}

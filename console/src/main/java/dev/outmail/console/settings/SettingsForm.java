package dev.outmail.console.settings;

import dev.outmail.mail.Problem;
import dev.outmail.settings.Binding;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.SecretReference;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsCodec;
import dev.outmail.settings.SettingsDraft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A profile's settings in a form, as they were sent back.
///
/// @param fields as texts, by their names on the topic
record SettingsForm(String profile, Map<String, String> fields, PasswordEntry password) {
    private static final String PASSWORD = "connection.password";
    private static final String USERNAME = "connection.username";
    private static final String GIVE_UP_AFTER = "retry.giveUpAfter";

    private static final List<String> SERVERS_VALUES =
            List.of("host", "port", "maxConnections", "messagesPerSecond");

    /// Stands in for a password that there is, while the rest is checked.
    private static final String ANY = "env:X";

    SettingsForm {
        fields = Map.copyOf(fields);
    }

    static SettingsForm of(ProfileSettings settings) {
        var fields = new HashMap<>(SettingsDraft.fields(settings.settings()));
        fields.remove(PASSWORD);
        fields.put(GIVE_UP_AFTER, GiveUpAfter.written(settings.settings().giveUpAfter()));
        return new SettingsForm(settings.profile(), fields, new PasswordEntry.Stored());
    }

    /// As a browser sent it. What it did not send, such as what is locked, is as it was.
    static SettingsForm posted(ProfileSettings before, Map<String, List<String>> sent) {
        var fields = new HashMap<>(of(before).fields());
        sent.forEach((name, values) -> {
            if (!name.equals(PASSWORD)) {
                fields.put(name, String.join(", ", values.getLast().strip().split("\\R+")));
            }
        });
        return new SettingsForm(
                before.profile(),
                fields,
                PasswordEntry.of(
                        Optional.ofNullable(first(sent, "password-kind")),
                        text(sent, "password-new"),
                        text(sent, "password-reference").strip()));
    }

    private static @Nullable String first(Map<String, List<String>> sent, String name) {
        var values = sent.get(name);
        return values == null ? null : values.getFirst();
    }

    private static String text(Map<String, List<String>> sent, String name) {
        var value = first(sent, name);
        return value == null ? "" : value;
    }

    String value(String field) {
        return fields.getOrDefault(field, "");
    }

    /// What a form makes.
    sealed interface Checked {
        record Ok(Settings settings) implements Checked {}

        /// None that could be saved.
        ///
        /// @param problems by field; what is wrong with all of it has no name
        record Wrong(Map<String, String> problems) implements Checked {}
    }

    /// What keys seal typed passwords with, and for which topic.
    record Seals(KeyRing keys, String topic) {}

    /// Checks it, by the settings' own rules.
    ///
    /// @param stored whose password counts where none is entered
    Checked checked(Settings stored, Seals seals) {
        var draft = new HashMap<>(fields);
        draft.keySet().removeIf(name -> !FieldNames.ALL.contains(name));
        draft.computeIfPresent(GIVE_UP_AFTER, (name, written) -> GiveUpAfter.iso(written));
        boolean login = value("connection.mode").equals("smtp") && !value(USERNAME).isBlank();
        draft.remove(PASSWORD);
        if (login) {
            draft.put(PASSWORD, ANY);
        } else {
            draft.remove(USERNAME);
        }
        return switch (SettingsDraft.read(profile, 1, draft)) {
            case SettingsCodec.Decoded.Malformed malformed -> new Checked.Wrong(byField(malformed));
            case SettingsCodec.Decoded.Ok ok ->
                    login
                            ? withPassword(ok.settings().settings(), stored, seals)
                            : new Checked.Ok(ok.settings().settings());
        };
    }

    private static Map<String, String> byField(SettingsCodec.Decoded.Malformed malformed) {
        var problems = new TreeMap<String, String>();
        for (Problem problem : malformed.problems()) {
            var remedy = problem.remedy().equals("correct it") ? "" : "; " + problem.remedy();
            problems.put(place(problem), problem.what() + remedy);
        }
        return problems;
    }

    /// What is wrong with a server's values is said of the server as a whole.
    private static String place(Problem problem) {
        if (!problem.field().equals("connection")) {
            return problem.field();
        }
        return SERVERS_VALUES.stream()
                .filter(name -> problem.what().contains(name))
                .map(name -> "connection." + name)
                .findFirst()
                .orElse("connection");
    }

    private Checked withPassword(Settings open, Settings stored, Seals seals) {
        var server = (SmtpServer) open.connection();
        var username = value(USERNAME).strip();
        try {
            var reference = reference(server, username, stored, seals);
            return new Checked.Ok(
                    open.withConnection(server.withLogin(new Login(username, reference))));
        } catch (IllegalArgumentException e) {
            return new Checked.Wrong(Map.of(PASSWORD, String.valueOf(e.getMessage())));
        }
    }

    private SecretReference reference(
            SmtpServer server, String username, Settings stored, Seals seals) {
        return switch (password) {
            case PasswordEntry.Reference reference -> SecretReference.parse(reference.written());
            case PasswordEntry.Typed typed -> seal(typed, server, username, seals);
            case PasswordEntry.Stored none -> stored(server, username, stored);
        };
    }

    private SecretReference seal(
            PasswordEntry.Typed typed, SmtpServer server, String username, Seals seals) {
        if (typed.password().isEmpty()) {
            throw new IllegalArgumentException("is missing; type it in");
        }
        if (seals.keys().primary().isEmpty()) {
            throw new IllegalArgumentException(
                    "can't be sealed: this console has no key (secrets.keys); give a reference");
        }
        return seals.keys()
                .seal(typed.password(), Binding.of(seals.topic(), profile, server, username));
    }

    private static SecretReference stored(SmtpServer server, String username, Settings stored) {
        if (!(stored.connection() instanceof SmtpServer before) || before.login() == null) {
            throw new IllegalArgumentException("is missing; type it in, or give a reference");
        }
        var kept = before.login().password();
        if (Binding.isBroken(before, server.withLogin(new Login(username, kept)))) {
            throw new IllegalArgumentException(
                    "is sealed for the host, port, security and user name that it was typed in for;"
                            + " type it in again");
        }
        return kept;
    }

    /// The names of all fields that a form has.
    private static final class FieldNames {
        static final List<String> ALL = names();

        private static List<String> names() {
            var names = new ArrayList<>(SettingsDraft.names());
            names.remove(PASSWORD);
            return List.copyOf(names);
        }
    }
}

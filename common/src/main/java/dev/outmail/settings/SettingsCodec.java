package dev.outmail.settings;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Problem;
import dev.outmail.wire.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A profile's settings as the value of a record on the settings topic.
public final class SettingsCodec {
    private static final int MAX_BYTES = 64 * 1024;
    private static final JsonMapper JSON = Json.mapper(MAX_BYTES);
    static final Set<String> SETTINGS =
            Set.of(
                    "revision",
                    "connection",
                    "timing",
                    "usersMayChoose",
                    "sender",
                    "retry",
                    "onlyTo",
                    "redirectTo");
    static final Set<String> CONNECTION =
            Set.of(
                    "mode",
                    "host",
                    "port",
                    "security",
                    "username",
                    "password",
                    "maxConnections",
                    "messagesPerSecond");
    static final Set<String> SENDER = Set.of("address", "name", "force", "incomingAddress");
    static final Set<String> RETRY = Set.of("giveUpAfter");

    private SettingsCodec() {}

    /// What a record's value says.
    public sealed interface Decoded {
        record Ok(ProfileSettings settings) implements Decoded {}

        record Malformed(List<Problem> problems) implements Decoded {
            public Malformed {
                problems = List.copyOf(problems);
            }
        }
    }

    /// The bytes of a record's value.
    public static byte[] encode(ProfileSettings settings) {
        return JSON.writeValueAsBytes(toJson(settings));
    }

    /// The same with line breaks, for people, who are told of a sealed password its key only.
    public static String toPrettyJson(ProfileSettings settings) {
        var json = toJson(settings);
        Sealed.in(settings.settings())
                .ifPresent(sealed ->
                        ((ObjectNode) json.path("connection"))
                                .put("password", "sealed (key " + sealed.keyId() + ")"));
        return json.toPrettyString();
    }

    static ObjectNode toJson(ProfileSettings profile) {
        var json = JSON.createObjectNode();
        json.put("revision", profile.revision());
        json.setAll(toJson(profile.settings()));
        return json;
    }

    /// Without the revision.
    static ObjectNode toJson(Settings settings) {
        var json = JSON.createObjectNode();
        connection(json.putObject("connection"), settings.connection());
        json.put("timing", wireName(settings.timing()));
        json.put("usersMayChoose", settings.usersMayChoose());
        var sender = settings.sender();
        if (sender != null) {
            var node = json.putObject("sender");
            node.put("address", sender.address().toString());
            node.put("name", sender.name());
            node.put("force", sender.force());
            var incoming = sender.incomingAddress();
            if (incoming != null) {
                node.put("incomingAddress", incoming.toString());
            }
        }
        json.putObject("retry").put("giveUpAfter", days(settings.giveUpAfter()));
        guards(json, settings.guards());
        return json;
    }

    private static void guards(ObjectNode json, Guards guards) {
        var onlyTo = guards.onlyTo();
        if (onlyTo != null) {
            onlyTo.entries().forEach(json.putArray("onlyTo")::add);
        }
        var redirectTo = guards.redirectTo();
        if (redirectTo != null) {
            json.put("redirectTo", redirectTo.toString());
        }
    }

    /// ISO 8601, with whole days as days, which [Duration#toString] writes as hours.
    private static String days(Duration duration) {
        return Duration.ofDays(duration.toDays()).equals(duration)
                ? "P" + duration.toDays() + "D"
                : duration.toString();
    }

    private static void connection(ObjectNode json, Connection connection) {
        switch (connection) {
            case Connection.Disabled disabled -> json.put("mode", "disabled");
            case Connection.Silent silent -> json.put("mode", "silent");
            case Connection.NativeMailer mailer -> json.put("mode", "native");
            case Connection.SmtpServer server -> smtp(json.put("mode", "smtp"), server);
        }
    }

    private static void smtp(ObjectNode json, Connection.SmtpServer server) {
        json.put("host", server.host());
        json.put("port", server.port());
        json.put("security", wireName(server.security()));
        var login = server.login();
        if (login != null) {
            json.put("username", login.username());
            json.put("password", login.password().toString());
        }
        json.put("maxConnections", server.maxConnections());
        json.put("messagesPerSecond", server.messagesPerSecond());
    }

    /// Decodes; never throws.
    public static Decoded decode(String profile, byte[] value) {
        if (value.length > MAX_BYTES) {
            return malformed("is larger than " + MAX_BYTES + " bytes");
        }
        try {
            var fields = Fields.of(JSON.readTree(value), SETTINGS);
            var revision = fields.required("revision", fields.integer("revision"));
            var settings = settings(profile, fields);
            if (revision != null && revision < 1) {
                fields.problem("revision", "must be 1 or more", "correct it");
            }
            return settings == null || revision == null || !fields.problems().isEmpty()
                    ? new Decoded.Malformed(fields.problems())
                    : new Decoded.Ok(new ProfileSettings(profile, revision, settings));
        } catch (JacksonException e) {
            return malformed("is not JSON: " + e.getOriginalMessage());
        } catch (NumberFormatException e) { // the parser's, of a number beyond BigDecimal
            return malformed("holds a number beyond all limits");
        }
    }

    private static Decoded malformed(String what) {
        return new Decoded.Malformed(
                List.of(new Problem(Fields.DOCUMENT, what, "save the settings again")));
    }

    private static @Nullable Settings settings(String profile, Fields fields) {
        var connection = connection(profile, fields);
        var timing = fields.parsed("timing", text -> constant(Timing.class, text));
        var usersMayChoose = fields.bool("usersMayChoose");
        var sender = sender(fields);
        var retry = fields.object("retry", RETRY);
        var giveUpAfter = retry.parsed("giveUpAfter", Duration::parse);
        var onlyTo = fields.parsedList("onlyTo", AllowList::of);
        var redirectTo = fields.parsed("redirectTo", EmailAddress::parse);
        if (connection == null || !fields.problems().isEmpty()) {
            return null;
        }
        var initial = Settings.INITIAL;
        return fields.attempt(() ->
                new Settings(
                        connection,
                        Objects.requireNonNullElse(timing, initial.timing()),
                        Boolean.TRUE.equals(usersMayChoose),
                        sender,
                        Objects.requireNonNullElse(giveUpAfter, initial.giveUpAfter()),
                        new Guards(onlyTo, redirectTo)));
    }

    private static @Nullable Connection connection(String profile, Fields settings) {
        var fields = settings.object("connection", CONNECTION);
        if (settings.required("connection", settings.absent("connection") ? null : fields)
                == null) {
            return null;
        }
        var mode = fields.required("mode", fields.text("mode"));
        return switch (mode) {
            case null -> null;
            case "disabled" -> new Connection.Disabled();
            case "silent" -> new Connection.Silent();
            case "native" -> new Connection.NativeMailer();
            case "smtp" -> smtp(profile, fields);
            default -> {
                fields.problem(
                        "mode",
                        "'" + mode + "' is no connection",
                        "write disabled, silent, native or smtp");
                yield null;
            }
        };
    }

    private static @Nullable Connection smtp(String profile, Fields fields) {
        var host = fields.required("host", fields.text("host"));
        var port = fields.required("port", fields.integer("port"));
        var security =
                fields.required(
                        "security",
                        fields.parsed(
                                "security", text -> constant(Connection.Security.class, text)));
        var maxConnections = fields.integer("maxConnections");
        var messagesPerSecond = fields.number("messagesPerSecond");
        var login = login(profile, fields);
        if (host == null || port == null || security == null || !fields.problems().isEmpty()) {
            return null;
        }
        return fields.attempt(() ->
                new Connection.SmtpServer(
                        host,
                        nearestInt(port),
                        security,
                        login,
                        maxConnections == null
                                ? Connection.SmtpServer.DEFAULT_MAX_CONNECTIONS
                                : Math.clamp(maxConnections, 0, Integer.MAX_VALUE),
                        messagesPerSecond));
    }

    /// Leaves it to the record to refuse what is out of range.
    private static int nearestInt(long number) {
        return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static Connection.@Nullable Login login(String profile, Fields fields) {
        if (fields.absent("username") && fields.absent("password")) {
            return null;
        }
        var username = fields.required("username", fields.text("username"));
        var password =
                fields.required(
                        "password",
                        fields.parsed("password", text -> SecretReference.parse(profile, text)));
        if (username == null || password == null) {
            return null;
        }
        return fields.attempt(() -> new Connection.Login(username, password));
    }

    private static @Nullable Sender sender(Fields settings) {
        var fields = settings.object("sender", SENDER);
        if (settings.absent("sender")) {
            return null;
        }
        var address = fields.required("address", fields.parsed("address", EmailAddress::parse));
        var name = fields.text("name");
        var force = fields.bool("force");
        var incoming = fields.parsed("incomingAddress", EmailAddress::parse);
        return address == null
                ? null
                : fields.attempt(
                        () -> new Sender(address, name, Boolean.TRUE.equals(force), incoming));
    }

    /// A constant's name on the wire: lower case, with hyphens.
    private static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String wireName) {
        for (var constant : type.getEnumConstants()) {
            if (wireName(constant).equals(wireName)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "'"
                        + wireName
                        + "' is not one of "
                        + List.of(type.getEnumConstants()).stream()
                                .map(SettingsCodec::wireName)
                                .toList());
    }
}

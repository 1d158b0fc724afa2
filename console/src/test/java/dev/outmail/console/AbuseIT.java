package dev.outmail.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Binding;
import dev.outmail.settings.Connection;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What must not work, by programs and browsers that mean harm.
class AbuseIT {
    @RegisterExtension static final Rig RIG = new Rig();

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /// All paths that change something.
    static List<String> mutating() {
        return List.of(
                "/login",
                "/logout",
                "/welcome/token",
                "/people",
                "/people/viewer/role",
                "/people/viewer/password",
                "/people/viewer/remove",
                "/settings/default/review",
                "/settings/default/save",
                "/settings/default/what-if",
                "/settings/default/test",
                "/log/rebuild",
                "/log/release",
                "/dead-letters/act");
    }

    private static HttpResponse<String> send(
            String method, String path, Map<String, String> headers, Map<String, String> form)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(RIG.url(path)))
                        .method(
                                method,
                                method.equals("GET")
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(encoded(form)));
        if (!method.equals("GET")) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        headers.forEach(request::setHeader);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(e ->
                        e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static Map<String, String> as(String role, String... more) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Cookie", RIG.cookie(role));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return headers;
    }

    private static String own() {
        return RIG.url("");
    }

    @ParameterizedTest
    @MethodSource("mutating")
    void nothingIsDoneFromAnotherSitesPage(String path) throws Exception {
        var evil = "https://evil.example";
        assertThat(
                        send(
                                        "POST",
                                        path,
                                        as("admin", "Sec-Fetch-Site", "cross-site", "Origin", evil),
                                        Map.of())
                                .statusCode())
                .isEqualTo(403);
        assertThat(
                        send("POST", path, as("admin", "Sec-Fetch-Site", "same-site"), Map.of())
                                .statusCode())
                .isEqualTo(403);
        assertThat(send("POST", path, as("admin", "Sec-Fetch-Site", "none"), Map.of()).statusCode())
                .isEqualTo(403);
        assertThat(send("POST", path, as("admin", "Origin", evil), Map.of()).statusCode())
                .isEqualTo(403);
        assertThat(send("POST", path, as("admin", "Origin", "null"), Map.of()).statusCode())
                .isEqualTo(403);
        assertThat(send("POST", path, as("admin"), Map.of()).statusCode()).isEqualTo(403);
        assertThat(
                        send(
                                        "POST",
                                        path,
                                        as("admin", "Origin", own(), "Content-Type", "text/plain"),
                                        Map.of())
                                .statusCode())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/people,admin",
        "POST,/people,admin",
        "POST,/people/viewer/role,admin",
        "POST,/people/viewer/password,admin",
        "POST,/people/viewer/remove,admin",
        "GET,/audit,admin",
        "POST,/settings/default/review,admin",
        "POST,/settings/default/save,admin",
        "POST,/settings/default/what-if,admin",
        "POST,/settings/default/test,admin",
        "POST,/log/rebuild,admin",
        "GET,/log/mail/0/0,operator",
        "GET,/log/mail/0/0/html,operator",
        "GET,/log/mail/0/0/attachments/0,operator",
        "GET,/log/release?id=1,operator",
        "POST,/log/release,operator",
        "GET,/dead-letters/list,operator",
        "GET,/dead-letters/0@0,operator",
        "GET,/dead-letters/0@0/html,operator",
        "POST,/dead-letters/act,operator",
        "GET,/log,viewer",
        "GET,/fleet,viewer",
        "GET,/fleet/series,viewer",
        "GET,/settings/default,viewer",
        "GET,/settings/default/history,viewer",
        "GET,/dead-letters,viewer"
    })
    void whoHasNotTheRoleGetsNothing(String method, String path, String role) throws Exception {
        assertThat(
                        send(method, path, Map.of("Origin", own()), Map.of())
                                .headers()
                                .firstValue("Location"))
                .contains("/login");
        for (var lesser : List.of("viewer", "operator")) {
            boolean enough = role.equals("viewer") || lesser.equals(role);
            if (!enough) {
                assertThat(send(method, path, as(lesser, "Origin", own()), Map.of()).statusCode())
                        .isEqualTo(403);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/login",
                "/log",
                "/nothing-here",
                "/assets/outmail.css",
                "/health/ready",
                "/metrics"
            })
    void everyAnswerTellsBrowsersWhatToRefuse(String path) throws Exception {
        var answer = send("GET", path, as("viewer"), Map.of()).headers();

        assertThat(answer.firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.firstValue("X-Frame-Options")).contains("DENY");
        assertThat(answer.firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.firstValue("Referrer-Policy")).contains("same-origin");
        assertThat(answer.allValues("Server")).containsExactly("Outmail");
    }

    @Test
    void aSessionThatSomebodyElseChoseIsNotTaken() throws Exception {
        RIG.cookie("viewer");
        var fixed = "__Host-outmail=chosen-by-the-attacker";
        var answer =
                send(
                        "POST",
                        "/login",
                        Map.of("Origin", own(), "Cookie", fixed),
                        Map.of("name", "viewer", "password", Rig.PASSWORD));

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().allValues("Set-Cookie").getLast())
                .doesNotContain("chosen-by-the-attacker")
                .contains("HttpOnly")
                .contains("Secure")
                .contains("SameSite=Strict");
        assertThat(send("GET", "/log", Map.of("Cookie", fixed), Map.of()).statusCode())
                .isEqualTo(302);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection.host",
                "connection.port",
                "connection.security",
                "connection.username"
            })
    void theStoredPasswordGoesToNoOtherServer(String changed) throws Exception {
        try (var mine = ScriptedSmtpServer.start().requireLogin("outmail", "stored secret");
                var theirs = ScriptedSmtpServer.start().requireLogin("outmail", "stored secret")) {
            store(mine);
            var form = form(mine);
            switch (changed) {
                case "connection.host" -> form.put(changed, "localhost");
                case "connection.port" -> form.put(changed, "" + theirs.port());
                case "connection.security" -> form.put(changed, "starttls");
                default -> form.put(changed, "other");
            }

            for (var path : List.of("test", "save")) {
                var answer =
                        send(
                                "POST",
                                "/settings/default/" + path,
                                as("admin", "Origin", own()),
                                form);
                assertThat(answer.body())
                        .contains("type it in again")
                        .doesNotContain("stored secret");
            }

            assertThat(theirs.connections()).isZero();
            assertThat(mine.connections()).isZero();
            assertThat(RIG.store().read().profile("default").orElseThrow().settings().connection())
                    .isInstanceOf(Connection.SmtpServer.class)
                    .extracting(c -> ((Connection.SmtpServer) c).port())
                    .isEqualTo(mine.port());
        } finally {
            RIG.save(Settings.INITIAL);
        }
    }

    private static void store(ScriptedSmtpServer server) throws InterruptedException {
        var open =
                new Connection.SmtpServer(
                        "127.0.0.1", server.port(), Connection.Security.NONE, null, 4, null);
        var binding = Binding.of(RIG.deployment().topics().settings(), "default", open, "outmail");
        var sealed = KeyRing.read(Rig.KEYS).seal("stored secret", binding);
        RIG.save(
                Settings.INITIAL
                        .withSender(new Sender(EmailAddress.parse("a@example.com"), null, false))
                        .withConnection(open.withLogin(new Connection.Login("outmail", sealed))));
    }

    private static Map<String, String> form(ScriptedSmtpServer server) {
        var form = new LinkedHashMap<String, String>();
        form.put("base", "" + RIG.store().read().profile("default").orElseThrow().revision());
        form.put("connection.mode", "smtp");
        form.put("connection.host", "127.0.0.1");
        form.put("connection.port", "" + server.port());
        form.put("connection.security", "none");
        form.put("connection.username", "outmail");
        form.put("password-kind", "stored");
        return form;
    }

    @ParameterizedTest
    @ValueSource(strings = {"env:OUTMAIL_SECRETS_KEYS", "file:/etc/passwd"})
    void aReferenceIsNotResolvedForATest(String reference) throws Exception {
        try (var theirs = ScriptedSmtpServer.start().requireLogin("outmail", "x")) {
            var form = form(theirs);
            form.put("password-kind", "reference");
            form.put("password-reference", reference);

            var answer = send("POST", "/settings/default/test", as("admin", "Origin", own()), form);

            assertThat(answer.body()).contains("a reference is used once it is saved");
            assertThat(theirs.commands("AUTH")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.2",
                "10.0.0.1",
                "169.254.169.254",
                "192.168.1.1",
                "[::1]",
                "0x7f000001"
            })
    void aTestReachesNoNetworkOfItsOwn(String host) throws Exception {
        var form = new LinkedHashMap<String, String>();
        form.put("connection.mode", "smtp");
        form.put("connection.host", host);
        form.put("connection.port", "587");
        form.put("connection.security", "none");

        var answer = send("POST", "/settings/default/test", as("admin", "Origin", own()), form);

        assertThat(answer.body()).doesNotContain("Connect</strong>").contains("✗");
    }

    @Test
    void noPageShowsAStoredPassword() throws Exception {
        try (var mine = ScriptedSmtpServer.start()) {
            store(mine);
            for (var path : List.of("/settings/default", "/settings/default/history")) {
                assertThat(send("GET", path, as("admin"), Map.of()).body())
                        .doesNotContain("stored secret")
                        .doesNotContain("om1.");
            }
        } finally {
            RIG.save(Settings.INITIAL);
        }
    }

    @Test
    void passwordsAreNotGuessedWithoutEnd() throws Exception {
        assumeThat(RIG.cookie("viewer")).isNotEmpty();
        int last = 0;
        for (int i = 0; i < 12; i++) {
            last =
                    send(
                                    "POST",
                                    "/login",
                                    Map.of("Origin", own()),
                                    Map.of("name", "guessed", "password", "guess number " + i))
                            .statusCode();
        }
        assertThat(last).isEqualTo(429);
    }
}

package dev.outmail.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.ReducedMotion;
import dev.outmail.broker.EmbeddedBroker;
import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.delivery.RetryPolicy;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsStore;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.wire.EventCodec;
import dev.outmail.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// One broker, one worker, one console and one browser for all tests of a run.
///
/// ```java
/// @RegisterExtension static final Rig RIG = new Rig();
/// ```
final class Rig implements BeforeAllCallback {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String PASSWORD = "correct horse battery";
    static final String KEYS = "k1:" + "a2V5".repeat(10) + "a2U=";
    static final String LINK_KEYS = "l1:" + "bGlu".repeat(10) + "bGk=";
    private static final boolean SCREENSHOTS = Boolean.getBoolean("outmail.test.screenshots");
    private static final int PARTITIONS = 3;
    private static final List<String> BROWSER_OPTIONS =
            List.of(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    // One process for pages and their frames, instead of one for each
                    "--disable-site-isolation-trials",
                    "--renderer-process-limit=1");

    private @Nullable Shared shared;

    @Override
    public void beforeAll(ExtensionContext context) {
        shared =
                context.getStore(
                                ExtensionContext.StoreScope.LAUNCHER_SESSION,
                                ExtensionContext.Namespace.create(Rig.class))
                        .computeIfAbsent(Shared.class, type -> Shared.start(), Shared.class);
    }

    private static final class Shared implements AutoCloseable {
        final Path folder;
        final EmbeddedBroker broker;
        final Worker worker;
        final Console console;
        final String welcomeUrl;
        final KafkaClients clients;
        final Producer<byte[], byte[]> producer;
        final Map<String, BrowserContext> loggedIn = new HashMap<>();
        @Nullable Playwright playwright;
        @Nullable Browser browser;

        private Shared() throws IOException, InterruptedException {
            folder = Files.createTempDirectory("outmail-console-it-");
            broker = EmbeddedBroker.start(EmbeddedBroker.Options.in(folder.resolve("broker")));
            var deployment = deployment(Map.of("worker.id", "w1"));
            try (var admin = deployment.clients("rig").admin()) {
                var topics = new TopicAdmin(admin);
                var specs = deployment.topics().specs(PARTITIONS, deployment.limits().maxBytes());
                topics.apply(topics.compare(specs), Optional.empty());
            }
            clients = deployment.clients("rig");
            new SettingsStore(clients, deployment.topics())
                    .save("default", 0L, initial -> Settings.INITIAL);
            worker = Worker.start(deployment, RetryPolicy.DEFAULT.scaled(0.001));
            console = Console.start(deployment(Map.of("worker.id", "c1")));
            welcomeUrl = console.welcomeUrl().orElseThrow();
            producer = clients.producer("rig", Map.of());
        }

        static Shared start() {
            try {
                return new Shared();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        Deployment deployment(Map<String, String> more) {
            return DeploymentReader.read(configuration(more), Map.of());
        }

        Map<String, String> configuration(Map<String, String> more) {
            var all = new HashMap<String, String>();
            all.put("kafka.bootstrap.servers", broker.bootstrapServers());
            all.put("kafka.fetch.max.wait.ms", "50");
            all.put("http.port", "0");
            all.put("http.address", "127.0.0.1");
            all.put("smtp.localhost", "outmail.example");
            all.put("secrets.keys", KEYS);
            all.put("console.link-keys", LINK_KEYS);
            all.put("console.users", folder.resolve("users").toString());
            all.put("console.data", folder.resolve("console").toString());
            all.put("console.test-hosts", "127.0.0.1:*,localhost:*");
            all.putAll(more);
            return all;
        }

        Browser browser() {
            if (browser == null) {
                playwright =
                        Playwright.create(
                                new Playwright.CreateOptions()
                                        .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                browser =
                        playwright
                                .chromium()
                                .launch(
                                        new BrowserType.LaunchOptions()
                                                .setExecutablePath(chromium())
                                                .setArgs(BROWSER_OPTIONS));
            }
            return browser;
        }

        /// Somebody's browser, in which nothing moves.
        BrowserContext newContext() {
            var context =
                    browser()
                            .newContext(
                                    new Browser.NewContextOptions()
                                            .setReducedMotion(ReducedMotion.REDUCE));
            context.setDefaultTimeout((double) PATIENCE.toMillis());
            return context;
        }

        @Override
        public void close() throws IOException {
            if (playwright != null) {
                playwright.close();
            }
            producer.close();
            console.close();
            worker.close();
            broker.close();
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static Path chromium() {
        var found = ExternalProgram.find("chromium");
        Assumptions.assumeTrue(
                found.isPresent(), "chromium is not installed (Debian package chromium)");
        return found.get();
    }

    private Shared shared() {
        if (shared == null) {
            throw new IllegalStateException("the rig is not up");
        }
        return shared;
    }

    Console console() {
        return shared().console;
    }

    KafkaClients clients() {
        return shared().clients;
    }

    Deployment deployment() {
        return shared().deployment(Map.of());
    }

    String url(String path) {
        return "http://127.0.0.1:" + console().port() + path;
    }

    SettingsStore store() {
        return new SettingsStore(clients(), deployment().topics());
    }

    /// Saves the default profile's settings, and returns when the worker goes by them.
    void save(Settings settings) throws InterruptedException {
        save("default", settings);
    }

    void save(String profile, Settings settings) throws InterruptedException {
        var saved = (SettingsStore.Saved.Ok) store().update(profile, before -> settings);
        if (!shared().worker.awaitRevision(profile, saved.settings().revision(), PATIENCE)) {
            throw new AssertionError("the worker does not follow the settings");
        }
    }

    RecordMetadata publish(MailEvent event) {
        return publish(event.id().toString(), new EventCodec(deployment().limits()).encode(event));
    }

    RecordMetadata publish(String key, byte[] value) {
        var topic = deployment().topics().events();
        return publish(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
    }

    RecordMetadata publish(ProducerRecord<byte[], byte[]> record) {
        try {
            return shared().producer.send(record).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Without waiting until Kafka has it.
    void publishLater(MailEvent event) {
        var topic = deployment().topics().events();
        var key = event.id().toString().getBytes(StandardCharsets.UTF_8);
        var value = new EventCodec(deployment().limits()).encode(event);
        var _ = shared().producer.send(new ProducerRecord<>(topic, key, value));
    }

    /// Another console of the same site, with an index of its own.
    Console secondConsole() throws IOException {
        return Console.start(
                shared().deployment(
                                Map.of(
                                        "worker.id",
                                        "c2",
                                        "console.data",
                                        shared().folder.resolve("second").toString())));
    }

    /// One in a process of its own, to be killed.
    ConsoleProcess consoleToKill(String name) throws IOException {
        return ConsoleProcess.start(shared().folder, slow(name));
    }

    /// The same started again, in this process.
    Console restarted(String name) throws IOException {
        return Console.start(DeploymentReader.read(slow(name), Map.of()));
    }

    /// Writes to Kafka one record at a time, so that there is time to kill it.
    private Map<String, String> slow(String name) {
        return shared().configuration(
                        Map.of(
                                "worker.id",
                                name,
                                "kafka.batch.size",
                                "1",
                                "kafka.max.in.flight.requests.per.connection",
                                "1",
                                "console.data",
                                shared().folder.resolve(name).toString()));
    }

    /// Logs in at another console.
    String cookieOf(int port, String role) throws IOException, InterruptedException {
        cookie(role);
        var url = "http://127.0.0.1:" + port;
        var request =
                HttpRequest.newBuilder(URI.create(url + "/login"))
                        .header("Origin", url)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "name=" + role + "&password=" + PASSWORD.replace(' ', '+')))
                        .build();
        var answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
        var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        return cookie.substring(0, cookie.indexOf(';'));
    }

    /// Waits until the worker is done with all events.
    void awaitQueueEmpty() {
        var topics = deployment().topics();
        try (var admin = clients().admin();
                var consumer = clients().consumer("rig-queue", Map.of())) {
            Await.until(
                    PATIENCE,
                    () -> {
                        var done =
                                admin.listConsumerGroupOffsets(topics.workerGroup())
                                        .partitionsToOffsetAndMetadata()
                                        .get();
                        var ends = consumer.endOffsets(done.keySet());
                        return done.entrySet().stream()
                                .allMatch(one ->
                                        one.getValue().offset()
                                                == ends.getOrDefault(one.getKey(), -1L));
                    },
                    "the worker is done with all events");
        }
    }

    /// A page of nobody.
    Page strangersPage() {
        return shared().newContext().newPage();
    }

    /// A page of somebody with a role, logged in by the console's own pages.
    Page page(String role) {
        var context = shared().loggedIn.get(role);
        if (context == null) {
            context = shared().newContext();
            var page = context.newPage();
            page.navigate(welcome(role));
            if (page.locator("#name").count() > 0) {
                page.fill("#name", role);
            }
            page.fill("#password", PASSWORD);
            page.fill("#again", PASSWORD);
            page.click("button.primary");
            try {
                page.waitForURL(url("/log"), new Page.WaitForURLOptions().setTimeout(5_000));
            } catch (TimeoutError e) {
                throw new AssertionError(
                        role + " can't log in: " + page.locator("body").innerText(), e);
            }
            // It stays: further pages share its process, of which each would start its own.
            page.navigate(url("/assets/outmail.css"));
            shared().loggedIn.put(role, context);
        }
        return context.newPage();
    }

    private String welcome(String role) {
        if (role.equals("admin")) {
            return shared().welcomeUrl;
        }
        var page = page("admin");
        page.navigate(url("/people"));
        page.fill("#name", role);
        page.selectOption("#role", role);
        page.click("text=Make a link");
        var link = page.locator("#link").inputValue();
        page.close();
        return link;
    }

    /// The session of a role as the cookie that a browser sends.
    String cookie(String role) {
        if (!shared().loggedIn.containsKey(role)) {
            page(role).close();
        }
        var context = shared().loggedIn.get(role);
        var cookie = Objects.requireNonNull(context).cookies().getFirst();
        return cookie.name + "=" + cookie.value;
    }

    /// Writes the page as it is now at desktop and at phone width, for people to look at; only with
    /// `-Doutmail.test.screenshots=true`.
    static void screenshot(Page page, String name) {
        if (!SCREENSHOTS) {
            return;
        }
        for (int width : new int[] {1280, 390}) {
            page.setViewportSize(width, width == 390 ? 844 : 860);
            page.waitForTimeout(80);
            page.screenshot(
                    new Page.ScreenshotOptions()
                            .setFullPage(true)
                            .setPath(
                                    Path.of(
                                            "target",
                                            "screenshots",
                                            name + (width == 390 ? "-phone" : "") + ".png")));
        }
        page.setViewportSize(1280, 860);
    }
}

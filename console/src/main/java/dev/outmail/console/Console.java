package dev.outmail.console;

import dev.outmail.config.Deployment;
import dev.outmail.console.audit.AuditPages;
import dev.outmail.console.audit.AuditTrail;
import dev.outmail.console.fleet.FleetFollower;
import dev.outmail.console.fleet.FleetPages;
import dev.outmail.console.fleet.FleetSeries;
import dev.outmail.console.letters.LetterPages;
import dev.outmail.console.letters.SilentPages;
import dev.outmail.console.log.MailingLog;
import dev.outmail.console.mymail.MyMailPages;
import dev.outmail.console.people.People;
import dev.outmail.console.people.PeoplePages;
import dev.outmail.console.settings.HistoryPages;
import dev.outmail.console.settings.OutgoingMailPages;
import dev.outmail.console.settings.Site;
import dev.outmail.console.settings.TestPages;
import dev.outmail.console.settings.WorkerTestPages;
import dev.outmail.console.web.Endpoints;
import dev.outmail.console.web.Pages;
import dev.outmail.console.web.Role;
import dev.outmail.console.web.Views;
import dev.outmail.console.web.WebServer;
import dev.outmail.preferences.PreferencesStore;
import dev.outmail.settings.SettingsStore;
import dev.outmail.settings.SettingsTail;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// The console: pages for admins and operators, served by this process.
public final class Console implements AutoCloseable {
    private static final Duration TIME_TO_END = Duration.ofSeconds(5);
    private static final int BCRYPT_COST = Integer.getInteger("outmail.console.bcrypt-cost", 12);

    /// In the order in which they were opened; closed in reverse.
    private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Deployment deployment;
    private final WebServer server;
    private final Optional<String> firstInvitation;

    private Console(Deployment deployment) throws IOException {
        this.deployment = deployment;
        var clock = Clock.systemUTC();
        var clients = deployment.clients("console");
        var topics = deployment.topics();
        var options = deployment.console();
        var views = new Views();
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        var audit = open(new AuditTrail(clients, topics));
        var people = new People(options.users(), BCRYPT_COST, clock);
        this.firstInvitation = people.firstInvitation();

        var fleet = open(new FleetFollower(clients, topics));
        var series = open(new FleetSeries(fleet, clients, topics));
        var settings = new SettingsTail(clients, topics);
        follow("outmail-console-settings", settings, settings::close);
        var store = new SettingsStore(clients, topics);
        var site = new Site(deployment, clients, store, settings, fleet, audit, views);
        var outgoingMail = new OutgoingMailPages(site);
        var mailingLog = open(new MailingLog(site));
        meter(registry, people, mailingLog);

        List<Pages> pages =
                List.of(
                        new Endpoints(registry, () -> trouble(settings, fleet, mailingLog)),
                        routes -> routes.get("/", home -> home.redirect("/log"), Role.VIEWER),
                        mailingLog,
                        new LetterPages(site, clock),
                        new SilentPages(site, mailingLog, clock),
                        new FleetPages(fleet, series, mailingLog::tally, views),
                        new MyMailPages(
                                open(new PreferencesStore(clients, topics)),
                                settings,
                                options.linkKeys(),
                                views,
                                clock),
                        outgoingMail,
                        new TestPages(site, outgoingMail),
                        new WorkerTestPages(site, mailingLog::told, clock),
                        new HistoryPages(site),
                        new PeoplePages(people, audit, views, options.url()),
                        new AuditPages(audit, views, clock));
        this.server = open(WebServer.start(deployment.http(), views, people::visitor, pages));
    }

    private static void meter(
            PrometheusMeterRegistry registry, People people, MailingLog mailingLog) {
        new JvmMemoryMetrics().bindTo(registry);
        Gauge.builder("outmail.console.sessions", people::sessionCount)
                .description("Users who are logged in")
                .register(registry);
        Gauge.builder("outmail.console.index.lag", mailingLog::behind)
                .description("Entries of the mailing log that the index does not have yet")
                .register(registry);
    }

    private static Optional<String> trouble(
            SettingsTail settings, FleetFollower fleet, MailingLog mailingLog) {
        return settings.hasRead()
                ? fleet.trouble().or(mailingLog::trouble)
                : Optional.of("the settings were not read yet");
    }

    /// Runs something on a thread of its own until it is closed.
    private void follow(String name, Runnable tail, Runnable end) {
        var thread = Thread.ofPlatform().name(name).start(tail);
        opened.push(() -> {
            end.run();
            thread.join(TIME_TO_END);
        });
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    /// Starts it.
    ///
    /// @throws IOException when its port can't be had
    public static Console start(Deployment deployment) throws IOException {
        return new Console(deployment);
    }

    public int port() {
        return server.port();
    }

    /// Where it is.
    public String url() {
        var url = deployment.console().url();
        var address = deployment.http().address();
        var host = address.equals("0.0.0.0") ? "localhost" : address;
        return url.isEmpty() ? "http://" + host + ":" + port() : url;
    }

    /// The link by which the first admin chooses a password; empty where there are users. It is
    /// good once, and for whoever has it: it belongs on the terminal of whoever started this.
    public Optional<String> welcomeUrl() {
        return firstInvitation.map(token -> url() + "/welcome/" + token);
    }

    /// Waits until it is closed.
    public void awaitEnd() throws InterruptedException {
        closed.await();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part of the console can't be closed", e);
            }
        }
        closed.countDown();
    }
}

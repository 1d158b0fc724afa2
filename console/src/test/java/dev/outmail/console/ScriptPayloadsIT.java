package dev.outmail.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T18: nothing that a mail says runs, fetches or leads elsewhere.
class ScriptPayloadsIT {
    @RegisterExtension static final Rig RIG = new Rig();

    private static final int SETTLE_MILLIS = 500;
    private static final int EVERY = 40;

    /// One more frame for each path, as the page's own is; ten at a time, each until it is loaded.
    private static final String SHOW_ALL =
            """
            async paths => {
              const own = document.querySelector('iframe.mail')
              const show = path => new Promise(loaded => {
                const frame = own.cloneNode()
                frame.onload = loaded
                setTimeout(loaded, 5_000)
                frame.src = path
                own.after(frame)
              })
              while (paths.length) await Promise.all(paths.splice(0, 10).map(show))
            }
            """;

    /// The same without a seal; what leads elsewhere may never be loaded.
    private static final String SHOW_UNSEALED =
            """
            async bodies => {
              const show = body => new Promise(loaded => {
                const frame = document.createElement('iframe')
                frame.sandbox = 'allow-scripts allow-same-origin'
                frame.onload = loaded
                setTimeout(loaded, 300)
                frame.srcdoc = body
                document.body.append(frame)
              })
              while (bodies.length) await Promise.all(bodies.splice(0, 50).map(show))
            }
            """;

    private static final String CLICK_ALL =
            "() => document.querySelectorAll('*').forEach(e => e.click && e.click())";

    private static final ScriptedSmtpServer ELSEWHERE = ScriptedSmtpServer.start();

    private static List<String> payloads = List.of();
    private static List<String> pages = List.of();

    @BeforeAll
    static void publish() throws IOException, InterruptedException {
        RIG.save(
                Settings.INITIAL.withSender(
                        new Sender(EmailAddress.parse("a@example.com"), null, false)));
        payloads = payloads(ELSEWHERE);
        assertThat(payloads).hasSizeGreaterThan(200);
        pages = payloads.stream().map(ScriptPayloadsIT::publish).toList();
    }

    @AfterAll
    static void close() {
        ELSEWHERE.close();
    }

    private static List<String> payloads(ScriptedSmtpServer elsewhere) throws IOException {
        var url = "http://" + elsewhere.host() + ":" + elsewhere.port() + "/";
        try (var file =
                Objects.requireNonNull(
                        ScriptPayloadsIT.class.getResourceAsStream("script-payloads.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("# "))
                    .map(line -> line.replace("ELSEWHERE", url))
                    .toList();
        }
    }

    private static String body(String payload) {
        return payload.replace("\\n", "\n").replace("\\t", "\t").replace("\\u2028", "\u2028");
    }

    /// Publishes a mail whose subject and HTML are a payload.
    ///
    /// @return where its page is
    private static String publish(String payload) {
        var where =
                RIG.publish(
                        MailEvent.builder()
                                .source("/payloads")
                                .id(UUID.randomUUID().toString())
                                .to("ada@example.org")
                                .subject(payload)
                                .text(payload)
                                .html(body(payload))
                                .build());
        return "/log/mail/" + where.partition() + "/" + where.offset();
    }

    /// Counts what runs in a page: each payload says or asks something when it does.
    private static AtomicInteger runs(Page page) {
        var runs = new AtomicInteger();
        page.onConsoleMessage(message -> {
            if (message.type().equals("log")) {
                runs.incrementAndGet();
            }
        });
        page.onDialog((Dialog dialog) -> {
            runs.incrementAndGet();
            dialog.dismiss();
        });
        return runs;
    }

    @Test
    void nothingRunsIsFetchedOrLeadsElsewhere() {
        try (var page = RIG.page("operator")) {
            var runs = runs(page);
            var opened = new AtomicInteger();
            page.context().onPage(popup -> opened.incrementAndGet());

            for (int i = 0; i < pages.size(); i += EVERY) {
                page.navigate(RIG.url(pages.get(i)));
                assertThat(page.locator("h1")).hasText(payloads.get(i));
            }
            var last = page.url();
            var frames = pages.stream().map(path -> path + "/html").toList();
            page.evaluate(SHOW_ALL, frames);
            page.waitForTimeout(SETTLE_MILLIS);

            assertThat(page.url()).isEqualTo(last);
            var shown = page.mainFrame().childFrames();
            assertThat(shown).hasSize(frames.size() + 1);
            assertThat(shown.stream().map(Frame::url).distinct())
                    .containsExactlyInAnyOrderElementsOf(frames.stream().map(RIG::url).toList());
            isSilent(runs);

            shown.forEach(frame -> frame.evaluate(CLICK_ALL));
            page.waitForTimeout(SETTLE_MILLIS);

            assertThat(page.url()).isEqualTo(last);
            assertThat(opened).hasValue(0);
            // Chromium may connect where a link leads, before it refuses to ask anything there.
            assertThat(ELSEWHERE.heard()).isEmpty();
            assertThat(runs).hasValue(0);
        }
    }

    private static void isSilent(AtomicInteger runs) {
        assertThat(runs).hasValue(0);
        assertThat(ELSEWHERE.connections()).isZero();
    }

    @Test
    void theirSubjectsRunNothingInTheLog() {
        RIG.awaitQueueEmpty();
        try (var page = RIG.page("operator")) {
            var runs = runs(page);
            for (var words : List.of("script", "img", "svg", "iframe", "style")) {
                page.navigate(RIG.url("/log?q=" + words));
                assertThat(page.locator("tbody tr").first()).containsText("<");
            }
            page.waitForTimeout(SETTLE_MILLIS);

            assertThat(page.url()).startsWith(RIG.url("/log"));
            isSilent(runs);
        }
    }

    /// So that the silence above is the seal's, and not the payloads'.
    @Test
    void withoutTheSealTheyRunAndFetch() throws IOException {
        try (var elsewhere = ScriptedSmtpServer.start();
                var page = RIG.strangersPage()) {
            var runs = runs(page);
            page.setContent("<body></body>");
            page.evaluate(
                    SHOW_UNSEALED,
                    payloads(elsewhere).stream().map(ScriptPayloadsIT::body).toList());
            page.waitForTimeout(SETTLE_MILLIS);

            assertThat(runs.get()).isGreaterThan(30);
            assertThat(elsewhere.connections()).isGreaterThan(10);
        }
    }
}

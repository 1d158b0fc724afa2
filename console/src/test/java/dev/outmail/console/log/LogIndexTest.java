package dev.outmail.console.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.console.log.LogIndex.Item;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class LogIndexTest {
    private static final Instant NOON = Instant.parse("2026-01-15T12:00:00Z");
    private static final String[] DOMAINS = {"example.org", "example.com", "example.net"};
    private static final String[] WORDS = {
        "task",
        "invoice",
        "order",
        "meeting",
        "report",
        "reminder",
        "welcome",
        "password",
        "project",
        "comment"
    };

    @TempDir private Path folder = Path.of("");

    private static Item item(int number, OutcomeName outcome, String recipient, String subject) {
        return new Item(
                new LogEntry(
                        new LogEntry.Event("/shop", "order-" + number, "order.placed"),
                        NOON.plusMillis(number * 7L),
                        outcome,
                        outcome == OutcomeName.SENT ? "accepted" : "unknown-recipient",
                        outcome == OutcomeName.SENT
                                ? "250 2.0.0 Ok: queued as A" + number
                                : "550 5.1.1 no such user",
                        1,
                        "default",
                        number % 17 + 1,
                        "smtp",
                        "smtp.example.com:587",
                        "w" + number % 3,
                        List.of(new LogEntry.Recipient(recipient, "accepted", "accepted", "")),
                        "<m@example.com>",
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Map.of(),
                        new LogEntry.Position("outmail.events", number % 12, number)),
                number % 12,
                number,
                subject);
    }

    private static LogQuery text(String text) {
        return new LogQuery(text, "", "", "", "", "", "", null, null);
    }

    private static List<String> events(List<Row> rows) {
        return rows.stream().map(row -> "" + row.event()).toList();
    }

    @Test
    void entriesAreFoundByTheBeginningsOfTheirWordsNewestFirst() throws SQLException {
        try (var index = LogIndex.in(folder)) {
            index.clear("topic");
            index.add(
                    List.of(
                            item(1, OutcomeName.SENT, "ada@example.org", "Your order"),
                            item(2, OutcomeName.REJECTED, "bob@example.org", "Your order"),
                            item(3, OutcomeName.SENT, "ada@example.com", "Grüße aus Köln")),
                    Map.of(0, 4L));

            assertThat(events(text("ada@exam").run(index, Long.MAX_VALUE, 10)))
                    .containsExactly("order-3", "order-1");
            assertThat(events(text("your ORDER bob").run(index, Long.MAX_VALUE, 10)))
                    .containsExactly("order-2");
            assertThat(events(text("koln").run(index, Long.MAX_VALUE, 10)))
                    .containsExactly("order-3");
            assertThat(events(text("no such user").run(index, Long.MAX_VALUE, 10)))
                    .containsExactly("order-2");
            assertThat(text("\"' AND * NEAR( -").run(index, Long.MAX_VALUE, 10)).isEmpty();
            var rejected =
                    new LogQuery(
                            "order",
                            "",
                            "rejected",
                            "default",
                            "order.placed",
                            "w2",
                            "3",
                            null,
                            null);
            assertThat(events(rejected.run(index, Long.MAX_VALUE, 10))).containsExactly("order-2");
            assertThat(index.places("topic")).containsEntry(0, 4L);
            assertThat(index.places("another")).isEmpty();
        }
    }

    @Test
    void whatIsForgottenIsFoundNoMore() throws SQLException {
        try (var index = LogIndex.in(folder)) {
            index.clear("topic");
            index.add(
                    List.of(
                            item(1, OutcomeName.SENT, "ada@example.org", "Old"),
                            item(100_000, OutcomeName.SENT, "ada@example.org", "New")),
                    Map.of());

            while (index.forget(NOON.plusSeconds(60), 1)) {
                // a part at a time
            }

            assertThat(events(text("ada").run(index, Long.MAX_VALUE, 10)))
                    .containsExactly("order-100000");
            assertThat(text("old").run(index, Long.MAX_VALUE, 10)).isEmpty();
        }
    }

    /// `-Doutmail.console.measure=1000000`: how fast a search is among so many, and how large the
    /// index.
    @Test
    @EnabledIfSystemProperty(named = "outmail.console.measure", matches = "\\d+")
    void searchingAmongManyIsQuick() throws SQLException, IOException {
        int count = Integer.getInteger("outmail.console.measure");
        var random = new Random(42);
        try (var index = LogIndex.in(folder)) {
            index.clear("topic");
            long began = System.nanoTime();
            var items = new ArrayList<Item>();
            for (int i = 0; i < count; i++) {
                var outcome = i % 50 == 0 ? OutcomeName.REJECTED : OutcomeName.SENT;
                var recipient = "user" + random.nextInt(200_000) + "@" + DOMAINS[i % 3];
                var subject =
                        WORDS[random.nextInt(10)]
                                + " "
                                + WORDS[random.nextInt(10)]
                                + " number "
                                + random.nextInt(1_000_000);
                items.add(item(i, outcome, recipient, subject));
                if (items.size() == 4_000) {
                    index.add(items, Map.of(0, (long) i));
                    items.clear();
                }
            }
            index.add(items, Map.of());
            System.out.printf(
                    Locale.ROOT,
                    "fed %,d entries in %.1f s%n",
                    count,
                    (System.nanoTime() - began) / 1e9);

            var times = new ArrayList<Double>();
            for (var query : queries(random)) {
                long start = System.nanoTime();
                int found = query.run(index, Long.MAX_VALUE, 51).size();
                double millis = (System.nanoTime() - start) / 1e6;
                times.add(millis);
                if (millis > 100) {
                    System.out.printf(Locale.ROOT, "%.0f ms, %d found: %s%n", millis, found, query);
                }
            }
            var sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            long bytes;
            try (var files = Files.list(folder)) {
                bytes = files.mapToLong(file -> file.toFile().length()).sum();
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d searches: p50 %.1f ms, p95 %.1f ms, most %.1f ms; %,d MB on disk%n",
                    sorted.length,
                    sorted[sorted.length / 2],
                    sorted[sorted.length * 95 / 100],
                    Arrays.stream(sorted).max().orElse(0),
                    bytes >> 20);
            assertThat(sorted[sorted.length * 95 / 100]).isLessThan(200);
            assertThat(bytes).isLessThan(1L << 30);
        }
    }

    /// As one types: each beginning of what is looked for, with and without filters.
    private static List<LogQuery> queries(Random random) {
        var queries = new ArrayList<LogQuery>();
        for (int i = 0; i < 40; i++) {
            var wanted =
                    switch (i % 4) {
                        case 0 -> "user" + random.nextInt(200_000) + "@example.org";
                        case 1 -> WORDS[random.nextInt(10)] + " " + WORDS[random.nextInt(10)];
                        case 2 -> "order-" + random.nextInt(1_000_000);
                        default -> "no such user " + WORDS[random.nextInt(10)];
                    };
            for (int length = 1; length <= wanted.length(); length++) {
                var outcome = i % 8 < 4 ? "" : "rejected";
                queries.add(
                        new LogQuery(
                                wanted.substring(0, length),
                                "",
                                outcome,
                                "",
                                "",
                                "",
                                "",
                                null,
                                null));
            }
        }
        return queries;
    }
}

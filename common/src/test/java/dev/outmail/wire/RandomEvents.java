package dev.outmail.wire;

import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.mail.MailEventBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Valid events of every shape, the same ones for the same seed.
final class RandomEvents {
    private static final List<String> PIECES =
            List.of(
                    "a",
                    "Z",
                    "7",
                    " ",
                    ".",
                    "-",
                    "_",
                    "é",
                    "ß",
                    "漢",
                    "😀",
                    "\"",
                    "\\",
                    "'",
                    "/",
                    "<b>",
                    "&amp;",
                    "%0d",
                    "${x}",
                    "\u202e",
                    "\u200d",
                    "=?utf-8?q?x?=",
                    "{",
                    "}",
                    "\ufeff");

    private final Random random;

    RandomEvents(Random random) {
        this.random = random;
    }

    MailEvent next() {
        var event =
                MailEvent.builder()
                        .id("id-" + text(20).replace("\u202e", ""))
                        .subject(text(40))
                        .onDoubt(random.nextBoolean() ? OnDoubt.HOLD : OnDoubt.RESEND);
        sometimes(() -> event.source("/s/" + random.nextInt(100)));
        sometimes(() -> event.type("t." + random.nextInt(100)));
        sometimes(() -> event.profile("p-" + random.nextInt(100)));
        sometimes(() -> event.from(mailbox()));
        event.to(mailboxes(1 + random.nextInt(4))).cc(mailboxes(random.nextInt(3)));
        event.bcc(mailboxes(random.nextInt(3))).replyTo(mailboxes(random.nextInt(3)));
        bodies(event);
        for (int i = random.nextInt(4); i > 0; i--) {
            attachment(event, i);
            event.header("X-" + i, text(60)).metadata("k" + text(3) + i, value(0));
        }
        sometimes(() -> event.conversation("c" + random.nextInt()));
        sometimes(() -> event.sendAt(instant(0)));
        sometimes(() -> event.expiresAt(instant(5_000_000_000L)));
        return event.build();
    }

    private void bodies(MailEventBuilder event) {
        int which = random.nextInt(3);
        if (which != 0) {
            event.text("text\r\n\tmore\n" + text(200));
        }
        if (which != 1) {
            event.html("<p>\f" + text(200) + "</p>");
        }
    }

    private void attachment(MailEventBuilder event, int i) {
        byte[] content = new byte[random.nextInt(2_000)];
        random.nextBytes(content);
        if (random.nextBoolean()) {
            event.attachment(text(30) + ".pdf", "application/pdf", content);
        } else {
            event.inlineImage("i" + i + "@x", text(30), "image/png; x=\"a b\"", content);
        }
    }

    private String[] mailboxes(int count) {
        var mailboxes = new String[count];
        Arrays.setAll(mailboxes, i -> mailbox());
        return mailboxes;
    }

    private String mailbox() {
        String address =
                switch (random.nextInt(4)) {
                    case 0 -> "\"" + random.nextInt(99) + " @ \\\" b\"@Example.org";
                    case 1 -> "é" + random.nextInt(99) + "@bücher.example";
                    default -> "user" + random.nextInt(99) + "@example.org";
                };
        String name =
                text(20).replace("\u202e", "")
                        .replace("=?", "")
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"");
        return random.nextBoolean() ? address : "\"" + name + "\" <" + address + ">";
    }

    private Instant instant(long from) {
        return Instant.ofEpochSecond(from + random.nextInt(), random.nextInt(1_000_000_000))
                .plusSeconds(Integer.MAX_VALUE);
    }

    private @Nullable Object value(int depth) {
        return switch (random.nextInt(depth > 3 ? 8 : 10)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> new BigInteger(100, random);
            case 5 -> random.nextGaussian();
            case 6 -> new BigDecimal(random.nextInt() + "E" + (random.nextInt(700) - 350));
            case 7 -> text(20);
            case 8 -> new ArrayList<>(Arrays.asList(value(depth + 1), value(depth + 1)));
            default -> map(depth);
        };
    }

    private Map<String, @Nullable Object> map(int depth) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(text(10), value(depth + 1));
        }
        return map;
    }

    private String text(int maxPieces) {
        var text = new StringBuilder();
        for (int i = random.nextInt(maxPieces); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private void sometimes(Runnable step) {
        if (random.nextBoolean()) {
            step.run();
        }
    }
}

package dev.outmail.delivery.mime;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;

/// Valid events drawn by a seed: every script, every length, and what mail programs stumble over.
final class RandomEvents {
    private static final List<String> WORDS =
            List.of(
                    "plan",
                    "a",
                    "Grüße",
                    "naïve",
                    "Привет",
                    "こんにちは",
                    "世界",
                    "שלום",
                    "مرحبا",
                    "👩‍👩‍👧",
                    "🎉",
                    "é",
                    "=",
                    "==3D",
                    "a=b",
                    "=?UTF-8?Q?x?=",
                    "=?",
                    "?=",
                    "\"quoted\"",
                    "back\\slash",
                    "(comment)",
                    "<tag>",
                    "a,b;c:d",
                    "@",
                    "%41",
                    "'",
                    "_",
                    "I",
                    "…",
                    "\u00a0",
                    "\u200f",
                    "𝔘𝔫𝔦",
                    "no.");
    private static final List<String> LINES =
            List.of(
                    "",
                    ".",
                    "..",
                    "...dots",
                    "From the start",
                    "From ",
                    ">From x",
                    "trailing ",
                    "tab\t",
                    " ",
                    "-- ",
                    "--",
                    "--=_alternative_",
                    "=",
                    "=20",
                    "\t\tindented",
                    "\f\u007f\u0085\u2028",
                    "{\"a\": 1}");
    private static final List<String> LINE_ENDS = List.of("\n", "\r\n", "\r", "\n\n");
    private static final List<String> TYPES =
            List.of(
                    "application/pdf",
                    "image/png",
                    "text/plain",
                    "text/csv; charset=UTF-8",
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document");

    /// Words that Jakarta Mail, too, brings over unchanged.
    private static final List<String> TAME_WORDS =
            List.of(
                    "plan", "Grüße", "Привет", "こんにちは", "שלום", "🎉", "x-1", "no.", "(a)",
                    "O'Neill");

    private static final int MAX_NAME = 200;
    private static final int MAX_SUBJECT = 998;
    private static final int MAX_VALUE = 4_000;

    private final Random random;
    private final boolean tame;

    RandomEvents(long seed) {
        this(seed, false);
    }

    private RandomEvents(long seed, boolean tame) {
        random = new Random(seed);
        this.tame = tame;
    }

    static RandomEvents tame(long seed) {
        return new RandomEvents(seed, true);
    }

    MailEvent next() {
        boolean html = random.nextInt(3) > 0;
        boolean text = !html || random.nextBoolean();
        var content =
                new MailEvent.Written(
                        header(MAX_SUBJECT),
                        text ? body() : null,
                        html ? body() : null,
                        list(random.nextInt(3), this::attachment),
                        headers(),
                        random.nextBoolean() ? "about " + name() : null);
        return new MailEvent(
                new EventId("/" + random.nextInt(9), "id " + name()),
                null,
                MailEvent.DEFAULT_PROFILE,
                addressing(),
                content,
                MailEvent.Terms.NONE,
                Map.of());
    }

    Mailbox mailbox() {
        return new Mailbox(random.nextInt(4) == 0 ? null : name(), address());
    }

    private MailEvent.Addressing addressing() {
        int many = random.nextInt(20) == 0 ? 100 : 3;
        var to = list(random.nextInt(many), i -> mailbox());
        return new MailEvent.Addressing(
                null,
                to,
                list(random.nextInt(3), i -> mailbox()),
                list(
                        random.nextInt(3) + (to.isEmpty() ? 1 : 0),
                        i -> Mailbox.of(new EmailAddress("blind" + i, "bcc.example"))),
                list(random.nextInt(2), i -> mailbox()));
    }

    private EmailAddress address() {
        String localPart =
                switch (random.nextInt(6)) {
                    case 0 -> "\"with space and \\\" quote\"";
                    case 1 -> "x".repeat(64);
                    case 2 -> "o'neill+tag=1";
                    default -> "user" + random.nextInt(1000);
                };
        String domain =
                random.nextInt(8) == 0
                        ? "a-long-label-of-a-domain.".repeat(7) + "example"
                        : "xn--mnchen-3ya.example";
        return new EmailAddress(localPart, domain);
    }

    private Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.put(
                    "X-Custom-" + "y".repeat(random.nextInt(60)) + i, header(MAX_VALUE).strip());
        }
        return headers;
    }

    private Attachment attachment(int index) {
        var content = new byte[random.nextInt(4) * random.nextInt(20_000)];
        random.nextBytes(content);
        String name = fileName() + index;
        String contentId = random.nextBoolean() ? null : "part" + index + "@example.com";
        return new Attachment(name, TYPES.get(random.nextInt(TYPES.size())), content, contentId);
    }

    private String fileName() {
        return random.nextInt(3) == 0 ? "report " + random.nextInt(9) : name();
    }

    /// Text of a header field: words, odd spaces among them, seldom as long as it may be.
    private String header(int max) {
        String text =
                switch (tame ? 9 : random.nextInt(12)) {
                    case 0 -> " " + words(3) + "  ";
                    case 1 -> words(2) + "   " + words(2) + " " + words(1);
                    case 2 -> words(60);
                    case 3 -> "w".repeat(random.nextInt(max) + 1);
                    case 4 -> "ü世".repeat(random.nextInt(max / 2) + 1);
                    default -> words(6);
                };
        return text.length() <= max ? text : text.substring(0, text.lastIndexOf(' ', max));
    }

    /// The same without what would make a name look like another.
    private String name() {
        return header(MAX_NAME - 10).replace("=?", "=").replace("\u200f", "");
    }

    private String body() {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(10)) {
                case 0 -> text.append("l".repeat(random.nextInt(2_000)));
                case 1, 2, 3 -> text.append(LINES.get(random.nextInt(LINES.size())));
                case 4 -> text.append("plain words of an ordinary line ".repeat(random.nextInt(5)));
                default -> text.append(words(12));
            }
            text.append(LINE_ENDS.get(random.nextInt(LINE_ENDS.size())));
        }
        return random.nextInt(5) == 0 ? text.append(words(1)).toString() : text.toString();
    }

    private String words(int atMost) {
        var text = new StringBuilder();
        var vocabulary = tame ? TAME_WORDS : random.nextBoolean() ? WORDS.subList(0, 2) : WORDS;
        for (int i = random.nextInt(atMost); i >= 0; i--) {
            text.append(vocabulary.get(random.nextInt(vocabulary.size()))).append(i > 0 ? " " : "");
        }
        return text.toString();
    }

    private static <T> List<T> list(int count, IntFunction<T> element) {
        var list = new ArrayList<T>();
        for (int i = 0; i < count; i++) {
            list.add(element.apply(i));
        }
        return list;
    }
}

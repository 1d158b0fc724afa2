package dev.outmail.cli.demo;

import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/// Notifications such as applications send, of every kind that there is, the same for the same
/// seed.
final class SampleEvents {
    private static final byte[] PIXEL =
            Base64.getDecoder()
                    .decode(
                            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static final List<String> PEOPLE =
            List.of(
                    "Ada Lovelace <ada%d@example.org>",
                    "\"Hopper, Grace\" <grace%d@example.org>",
                    "Зоя Космодемьянская <zoya%d@example.org>",
                    "山田 太郎 <taro%d@example.org>",
                    "محمد الفاتح <fatih%d@example.org>",
                    "plain%d@example.org",
                    "Łukasz Żółć <lukasz%d@example.org>");
    private static final List<String> SUBJECTS =
            List.of(
                    "You have a new task",
                    "Задача назначена вам",
                    "新しいタスクがあります",
                    "لديك مهمة جديدة",
                    "Zażółć gęślą jaźń",
                    "Build #4711 is green 🎉",
                    "A subject that is much longer than one line of a header field may be, so that it must be folded somewhere");

    private final Random random;
    private final String run;

    /// @param run tells the events of one run from those of another
    SampleEvents(String run, long seed) {
        this.run = run;
        this.random = new Random(seed);
    }

    MailEvent event(int number) {
        var event =
                MailEvent.builder()
                        .source("/demo/" + run)
                        .id("sample-" + number)
                        .type("demo.notification")
                        .to(person(number))
                        .subject(pick(SUBJECTS));
        kind(event, number);
        return event.build();
    }

    private void kind(MailEventBuilder event, int number) {
        switch (number % 8) {
            case 0 -> event.text(text(3));
            case 1 -> event.html(html(""));
            case 2 -> event.text(text(5)).html(html(""));
            case 3 -> event.text(text(2)).attachment("plan-" + number + ".csv", "text/csv", csv());
            case 4 ->
                    event.text(text(1))
                            .html(html("<img alt=\"\" src=\"cid:logo\">"))
                            .inlineImage("logo", "logo.png", "image/png", PIXEL);
            case 5 ->
                    event.text(text(2))
                            .attachment(
                                    "отчёт " + number + ".bin",
                                    "application/octet-stream",
                                    bytes());
            case 6 ->
                    event.text(text(4))
                            .to(person(number + 1))
                            .cc(person(number + 2))
                            .bcc(person(number + 3));
            default ->
                    event.text(text(40))
                            .conversation("thread-" + number % 10)
                            .header("X-Project", Integer.toString(number % 42));
        }
    }

    private String person(int number) {
        return PEOPLE.get(Math.floorMod(number, PEOPLE.size())).formatted(number % 50);
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String text(int lines) {
        var text = new StringBuilder("Hello,\n\n");
        for (int i = 0; i < lines; i++) {
            text.append(pick(SUBJECTS)).append(".\n.a line that starts with a dot\n");
        }
        return text.append("\nThe demo\n").toString();
    }

    private String html(String inner) {
        return "<!doctype html><html><body><h1>"
                + pick(SUBJECTS)
                + "</h1><p>"
                + inner
                + "Grüße &amp; more</p></body></html>";
    }

    private byte[] csv() {
        var rows = new StringBuilder("task,hours\n");
        for (int i = 0; i < 20; i++) {
            rows.append("task ").append(i).append(',').append(random.nextInt(100)).append('\n');
        }
        return rows.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] bytes() {
        var bytes = new byte[2_000 + random.nextInt(4_000)];
        random.nextBytes(bytes);
        return bytes;
    }
}

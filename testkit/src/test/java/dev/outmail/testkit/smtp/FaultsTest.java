package dev.outmail.testkit.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final String[] ONE_MAIL = {
        "EHLO w1.example",
        "MAIL FROM:<a@example.org>",
        "RCPT TO:<b+tag@example.org>",
        "DATA",
        "Subject: s\r\nMessage-ID:\r\n <m@x>\r\nX-Test-Id: 7\r\n\r\nabc\r\n."
    };

    @Test
    void whatChanceBringsFollowsFromTheSeed() {
        assertThat(drawn(1)).isEqualTo(drawn(1)).isNotEqualTo(drawn(2));
        assertThat(drawn(1).stream().filter(refused -> refused).count()).isBetween(250L, 350L);
    }

    private static List<Boolean> drawn(long seed) {
        var faults = new Faults(seed).byChance("f", 0.3, "RCPT", Act.reply("450 later"));
        var usual = Act.reply("250 ok");
        return java.util.stream.IntStream.range(0, 1000)
                .mapToObj(i -> faults.actFor("RCPT TO:<a@b>", List.of(), usual).refuses())
                .toList();
    }

    @Test
    void aMessageIsInTheLedgerThoughItsAnswerGetsLost() throws Exception {
        var ledger = new SinkLedger();
        try (var server = ScriptedSmtpServer.start().keep(ledger);
                var client = new Client(server)) {
            server.faults(new Faults(1).byChance("lost answer", 1, ".", Act.close()));

            assertThat(client.say(ONE_MAIL)).last().isEqualTo("<end>");

            assertThat(ledger.lines())
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.id()).isEqualTo("7");
                        assertThat(line.messageId()).isEqualTo("<m@x>");
                        assertThat(line.client()).isEqualTo("w1.example");
                        assertThat(line.recipients()).containsExactly("<b+tag@example.org>");
                        assertThat(line.body()).isEqualTo(SinkLedger.sha256("abc\r\n"));
                        assertThat(line.fault()).isEqualTo("lost answer");
                        assertThat(line.refused()).isFalse();
                    });
            assertThat(server.commands("MAIL")).isEqualTo(1);
            assertThat(server.heard()).as("not remembered").isEmpty();
        }
    }

    @Test
    void aMessageRefusedAtTheDotIsMarkedSo() throws Exception {
        var ledger = new SinkLedger();
        try (var server = ScriptedSmtpServer.start().keep(ledger);
                var client = new Client(server)) {
            server.on(".", "451 4.3.0 later");

            client.say(ONE_MAIL);

            assertThat(ledger.lines()).singleElement().matches(SinkLine::refused);
        }
    }

    @Test
    void anAddressMeetsItsFaultAsOftenAsSaid() throws Exception {
        var faults = new Faults(1).forAddresses("grey", "+tag@", 1, "RCPT", Act.reply("450 later"));
        try (var server = ScriptedSmtpServer.start().faults(faults);
                var client = new Client(server)) {

            var answers =
                    client.say(
                            "MAIL FROM:<>",
                            "RCPT TO:<b+tag@example.org>",
                            "RCPT TO:<c@example.org>",
                            "RCPT TO:<b+tag@example.org>");

            assertThat(answers.subList(2, 5))
                    .containsExactly("450 later", "250 2.1.5 ok", "250 2.1.5 ok");
            assertThat(faults.played("grey")).isEqualTo(1);
        }
    }
}

package dev.outmail.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.mail.MailEvent.OnDoubt;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailEventBuilderTest {
    private static MailEventBuilder least() {
        return MailEvent.builder().id("1").to("ada@example.org").subject("s").text("t");
    }

    @Test
    void eventHoldsWhatWasWritten() {
        MailEvent event =
                least().source("/projects")
                        .type("task.assigned")
                        .profile("bulk")
                        .from("Projects <projects@example.com>")
                        .to(List.of("b@example.org"))
                        .cc("c@example.org")
                        .bcc("d@example.org", "ADA@example.org", "ada@EXAMPLE.org")
                        .replyTo("r@example.org")
                        .html("<p>")
                        .attachment("a.pdf", "application/pdf", new byte[] {1})
                        .inlineImage("logo", "logo.png", "image/png", new byte[] {2})
                        .header("X-Project", "42")
                        .conversation("task-42")
                        .sendAt(Instant.ofEpochSecond(1))
                        .expiresAt(Instant.ofEpochSecond(2))
                        .onDoubt(OnDoubt.HOLD)
                        .metadata("k", List.of(1))
                        .build();

        assertThat(event.id()).isEqualTo(new EventId("/projects", "1"));
        assertThat(event.addressing().recipients())
                .extracting(EmailAddress::toString)
                .containsExactly(
                        "ada@example.org",
                        "b@example.org",
                        "c@example.org",
                        "d@example.org",
                        "ADA@example.org");
        assertThat(((MailEvent.Written) event.content()).attachments())
                .extracting(Attachment::inline)
                .containsExactly(false, true);
        assertThat(event.metadata()).containsExactly(Map.entry("k", List.of(1L)));
        assertThat(event.terms().onDoubt()).isEqualTo(OnDoubt.HOLD);
    }

    @Test
    void everyProblemIsToldByTheNameOfItsField() {
        var event =
                MailEvent.builder()
                        .source("")
                        .type("a\nb")
                        .profile("a b")
                        .from("x")
                        .to("a@b", "no")
                        .cc("a@@b")
                        .bcc("")
                        .replyTo("a@1.2.3.4")
                        .subject("a\r\nBcc: b")
                        .text("\u0000")
                        .html("\ud800")
                        .attachment("\ud800", "multipart/mixed", new byte[0])
                        .attachment(null, null, null, "<x>")
                        .header("From", "x")
                        .header("X\r\nBcc", "x")
                        .header("X-A", "a\nb")
                        .header("x-a", "b")
                        .conversation("\u202e")
                        .sendAt(Instant.ofEpochSecond(2))
                        .expiresAt(Instant.ofEpochSecond(2))
                        .metadata("k", Map.of("a", List.of("x", Double.NaN)));

        assertThat(event.validate())
                .isInstanceOfSatisfying(
                        Validation.Invalid.class,
                        invalid ->
                                assertThat(invalid.problems())
                                        .extracting(Problem::field)
                                        .containsExactly(
                                                "source",
                                                "id",
                                                "type",
                                                "profile",
                                                "from",
                                                "to[1]",
                                                "cc[0]",
                                                "bcc[0]",
                                                "replyTo[0]",
                                                "subject",
                                                "attachments[0].name",
                                                "attachments[0].contentType",
                                                "attachments[1].content",
                                                "attachments[1].contentId",
                                                "headers.From",
                                                "headers.X\\u000d\\u000aBcc",
                                                "headers.X-A",
                                                "headers.x-a",
                                                "conversation",
                                                "expiresAt",
                                                "metadata.k.a[1]",
                                                "text",
                                                "html"));
        assertThatThrownBy(event::build)
                .isInstanceOfSatisfying(
                        InvalidMailEvent.class, e -> assertThat(e.problems()).hasSize(23))
                .hasMessageStartingWith("the event is not valid:\n  source: it is empty; give")
                .hasMessageContaining("\n  to[1]: 'no': there is no '@'; write it as name@domain");
    }

    @Test
    @SuppressWarnings("NullAway") // as code without null checks would
    void nullAmongRecipientsIsNotSwallowed() {
        assertThatThrownBy(() -> least().cc("a@b", null).build())
                .hasMessageContaining("cc[1]: it is null; leave the entry out");
    }

    @Test
    void mendedEventIsBuilt() {
        var event = MailEvent.builder().to("a@b").text("t");
        assertThat(event.validate()).isInstanceOf(Validation.Invalid.class);

        event.id("1").subject("");

        assertThat(event.build().content().subject()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From",
                "sender",
                "TO",
                "Cc",
                "bcc",
                "Reply-To",
                "Subject",
                "Date",
                "Message-ID",
                "References",
                "In-Reply-To",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
                "content-anything",
                "DKIM-Signature",
                "ARC-Seal",
                "Received",
                "Return-Path",
                "Resent-To",
                "Auto-Submitted",
                "Authentication-Results",
                "X-Outmail-Anything",
                "Delivered-To",
                "",
                "X A",
                "X:A",
                "Ä",
                "X\u0000",
                "X\n",
                "X\u007f"
            })
    void headerOfOthersOrOfNoNameIsRefused(String name) {
        assertThatThrownBy(() -> least().header(name, "v").build())
                .isInstanceOf(InvalidMailEvent.class)
                .hasMessageContaining("headers.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Project",
                "X-Outmail-Replay-Of",
                "List-Unsubscribe",
                "List-Unsubscribe-Post",
                "Precedence",
                "Feedback-ID",
                "X-Priority",
                "!#$%&'*+/",
                "Disposition-Notification-To"
            })
    void headerOfTheApplicationIsTaken(String name) {
        assertThat(((MailEvent.Written) least().header(name, "v").build().content()).headers())
                .containsExactly(Map.entry(name, "v"));
    }

    @Test
    void lengthsAreTakenUpToTheirLimits() {
        least().id("i".repeat(200))
                .source("s".repeat(200))
                .type("t".repeat(200))
                .profile("p".repeat(100))
                .subject("s".repeat(998))
                .conversation("c".repeat(200))
                .header("X".repeat(76), "v".repeat(4_000))
                .build();

        var tooLong =
                least().id("i".repeat(201))
                        .source("s".repeat(201))
                        .type("t".repeat(201))
                        .profile("p".repeat(101))
                        .subject("s".repeat(999))
                        .conversation("c".repeat(201))
                        .header("X".repeat(77), "v")
                        .header("X-A", "v".repeat(4_001));

        assertThatThrownBy(tooLong::build)
                .isInstanceOfSatisfying(
                        InvalidMailEvent.class, e -> assertThat(e.problems()).hasSize(8));
    }

    @Test
    void bodyKeepsTabsLineBreaksAndWritingFromRightToLeft() {
        String text = "a\tb\r\nc\rd\ne\ff \u202b\u0627\u202c \u200d";

        MailEvent event = least().text(text).html(text).build();

        assertThat(((MailEvent.Written) event.content()).text()).isEqualTo(text);
        assertThat(least().subject("\u202b\u0627\u202c").build().content().subject())
                .isEqualTo("\u202b\u0627\u202c");
    }

    @Test
    void recordsKeepTheirOwnRules() {
        assertThatThrownBy(() -> new EventId("/", "a\nb")).isInstanceOf(InvalidMailEvent.class);
        assertThatThrownBy(() -> new EmailAddress("a b", "c")).isInstanceOf(InvalidAddress.class);
        assertThatThrownBy(() -> new EmailAddress("a", "c\r\n")).isInstanceOf(InvalidAddress.class);
        assertThatThrownBy(() -> new Mailbox("a\nb", new EmailAddress("a", "b")))
                .isInstanceOf(InvalidAddress.class);
        assertThatThrownBy(() -> new Attachment("n", "a/b\r\nX: y", new byte[0], null))
                .isInstanceOf(InvalidMailEvent.class);
        assertThatThrownBy(() ->
                        new MailEvent.Written("s\r\nBcc: x", "t", null, List.of(), Map.of(), null))
                .isInstanceOf(InvalidMailEvent.class);
        assertThatThrownBy(() ->
                        new MailEvent.Written("s", "t", null, List.of(), Map.of("Bcc", "x"), null))
                .isInstanceOf(InvalidMailEvent.class);
        assertThatThrownBy(() -> new MailEvent.Written("s", null, null, List.of(), Map.of(), null))
                .isInstanceOf(InvalidMailEvent.class);
    }

    @Test
    void attachmentsOfOneContentIdAreRefused() {
        var event =
                least().inlineImage("a", "n", "bad", new byte[0])
                        .inlineImage("a", "n", "a/b", new byte[0]);

        assertThatThrownBy(event::build)
                .hasMessageContaining("attachments[0].contentType")
                .hasMessageContaining("attachments[1].contentId: another attachment has 'a' too");
    }

    @Test
    void metadataBecomesWhatTheWireWouldMakeOfIt() {
        MailEvent event =
                least().metadata("byte", (byte) 1)
                        .metadata("int", 2)
                        .metadata("big", new BigInteger("3"))
                        .metadata("large", new BigInteger("9".repeat(30)))
                        .metadata("float", 0.1f)
                        .metadata("double", 0.1)
                        .metadata("whole", new BigDecimal("7"))
                        .metadata("list", Arrays.asList("a", null, true))
                        .build();

        assertThat(event.metadata())
                .containsEntry("byte", 1L)
                .containsEntry("int", 2L)
                .containsEntry("big", 3L)
                .containsEntry("large", new BigInteger("9".repeat(30)))
                .containsEntry("float", new BigDecimal("0.1"))
                .containsEntry("double", new BigDecimal("0.1"))
                .containsEntry("whole", 7L)
                .containsEntry("list", Arrays.asList("a", null, true));
    }

    @Test
    void metadataThatTheWireCannotCarryIsRefused() {
        Object deep = List.of();
        for (int i = 0; i < 16; i++) {
            deep = List.of(deep);
        }
        var event =
                least().metadata("deep", deep)
                        .metadata("object", new Object())
                        .metadata("number", BigInteger.TEN.pow(1_000_000))
                        .metadata("exponent", new BigDecimal("1E+1000000000"))
                        .metadata("long", new BigDecimal("0." + "1".repeat(40)))
                        .metadata("infinite", Float.POSITIVE_INFINITY)
                        .metadata("key", Map.of(1, 2))
                        .metadata("k".repeat(201), 1)
                        .metadata("\udc00", 1);

        assertThatThrownBy(event::build)
                .isInstanceOfSatisfying(
                        InvalidMailEvent.class, e -> assertThat(e.problems()).hasSize(9));
    }

    @Test
    void metadataDoesNotChangeWithItsSource() {
        var list = new ArrayList<Object>(List.of(1));
        MailEvent event = least().metadata("k", list).build();

        list.add(2);

        assertThat(event.metadata()).containsExactly(Map.entry("k", List.of(1L)));
    }

    @Test
    void besideAFinishedMessageThereIsTheEnvelopeAlone() {
        var finished =
                MailEvent.builder()
                        .id("1")
                        .to("a@example.com")
                        .message("Subject: s\n\nb\n".getBytes(StandardCharsets.UTF_8))
                        .build();
        var ada = List.of(Mailbox.parse("ada@example.org"));

        assertThatThrownBy(() ->
                        new MailEvent(
                                finished.id(),
                                null,
                                "default",
                                new MailEvent.Addressing(null, ada, ada, List.of(), ada),
                                finished.content(),
                                finished.terms(),
                                Map.of()))
                .isInstanceOfSatisfying(
                        InvalidMailEvent.class,
                        e ->
                                assertThat(e.problems())
                                        .extracting(Problem::field)
                                        .containsExactly("cc", "replyTo"));
    }

    @Test
    void problemsArePrintableAndShort() {
        assertThat(new Problem("a\n", "b\u001b[2J\u202e\ud800", "c".repeat(9_999)))
                .satisfies(problem -> {
                    assertThat(problem.field()).isEqualTo("a\\u000a");
                    assertThat(problem.what()).isEqualTo("b\\u001b[2J\\u202e\\ud800");
                    assertThat(problem.remedy()).hasSize(500);
                });
        assertThat(Problem.shown("x".repeat(79) + "😀")).isEqualTo("'" + "x".repeat(79) + "…'");
    }
}

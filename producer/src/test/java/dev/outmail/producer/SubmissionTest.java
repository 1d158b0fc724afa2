package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionTest {
    private static final List<String> ADA = List.of("ada@example.org");

    private final Submission submission = new Submission("/billing", "invoices");

    private static byte[] message(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String id(MailEvent event) {
        return event.id().id();
    }

    @Test
    void eachNewEventIsAnotherOneOfTheSourceAndProfile() {
        var first = submission.newEvent().id("1").to(ADA).subject("s").text("t").build();
        var second =
                submission.newEvent().id("2").to("bob@example.org").subject("s").text("t").build();

        assertThat(List.of(first, second))
                .extracting(event -> event.id().toString())
                .containsExactly("/billing#1", "/billing#2");
        assertThat(second.profile()).isEqualTo("invoices");
        assertThat(second.addressing().recipients()).hasToString("[bob@example.org]");
    }

    @Test
    void whatTheMessageSaysOfItsEventDoesNotLeave() {
        var event =
                submission.event(
                        message(
                                """
                                From: App <app@example.com>
                                X-Outmail-Id: 7
                                X-Outmail-Source: /crm
                                X-OUTMAIL-TYPE: offer
                                X-Outmail-Profile: offers
                                X-Outmail-Send-At: 2026-12-01T08:00:00Z
                                X-Outmail-Expires-At: 2026-12-02T08:00:00+01:00
                                X-Outmail-On-Doubt: hold
                                Subject: s

                                b
                                """),
                        null,
                        ADA);

        assertThat(event.id().source()).isEqualTo("/crm");
        assertThat(id(event)).matches("7/[0-9a-f]{16}");
        assertThat(event.type()).isEqualTo("offer");
        assertThat(event.profile()).isEqualTo("offers");
        assertThat(event.terms())
                .isEqualTo(
                        new MailEvent.Terms(
                                Instant.parse("2026-12-01T08:00:00Z"),
                                Instant.parse("2026-12-02T07:00:00Z"),
                                MailEvent.OnDoubt.HOLD));
        assertThat(event.addressing().from()).hasToString("App <app@example.com>");
        assertThat(((MailEvent.Finished) event.content()).message().bytes())
                .isEqualTo(message("From: App <app@example.com>\r\nSubject: s\r\n\r\nb\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Outmail-SendAt: 2026-12-01T08:00:00Z",
                "X-Outmail-Send-At: tomorrow",
                "X-Outmail-On-Doubt: maybe",
                "X-Outmail-Profile: no/profile",
                "X-Outmail-Id: "
            })
    void aFieldThatSaysNothingIsRefused(String field) {
        assertThatThrownBy(
                        () -> submission.event(message(field + "\nSubject: s\n\nb\n"), null, ADA))
                .isInstanceOf(InvalidMailEvent.class);
    }

    @Test
    void theSameMessageForTheSameHasTheSameIdWhateverWayItCame() {
        var mail = "Received: w\nMessage-ID: <1@example.com>\nSubject: s\n\nb\n";
        var first = submission.event(message(mail), "a@example.com", ADA);

        assertThat(id(first)).startsWith("1@example.com/");
        assertThat(id(submission.event(message(mail.replace("w", "x")), "a@example.com", ADA)))
                .isEqualTo(id(first));
        // once around, and here again
        assertThat(id(submission.event(message("Received: x\n" + mail), "a@example.com", ADA)))
                .isNotEqualTo(id(first));
        assertThat(id(submission.event(message(mail), "b@example.com", ADA)))
                .isNotEqualTo(id(first));
        assertThat(id(submission.event(message(mail), "a@example.com", List.of("bob@example.org"))))
                .isNotEqualTo(id(first));
        assertThat(id(submission.event(message(mail + "c\n"), "a@example.com", ADA)))
                .isNotEqualTo(id(first));
    }

    @Test
    void aMessageHandedOverInPartsIsAMailForEach() {
        var mail = message("X-Outmail-Id: order-7\nSubject: s\n\nb\n");
        var both = List.of("ada@example.org", "bob@example.org");

        assertThat(id(submission.event(mail, null, ADA)))
                .isEqualTo(id(submission.event(mail, null, ADA)))
                .isNotEqualTo(id(submission.event(mail, null, List.of("bob@example.org"))));
        assertThat(id(submission.event(mail, null, both)))
                .isEqualTo(id(submission.event(mail, null, both.reversed())));
    }

    @Test
    void twoMessagesThatNothingTellsApartAreTwoMails() {
        var mail = message("Subject: the job failed\n\nb\n");

        assertThat(id(submission.event(mail, "a@example.com", ADA)))
                .isNotEqualTo(id(submission.event(mail, "a@example.com", ADA)));
    }

    @Test
    void aMessageIdTooLongForAnEventsIdIsStillTheSame() {
        var mail = message("Message-ID: <" + "x".repeat(300) + "@example.com>\n\nb\n");

        assertThat(id(submission.event(mail, "a@example.com", ADA)))
                .hasSize(32)
                .isEqualTo(id(submission.event(mail, "a@example.com", ADA)));
    }
}

package dev.outmail.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.VerdictSheet;
import org.junit.jupiter.api.Test;

class LeaveBeginningTest {
    private final ManualClearance clearance = new ManualClearance();
    private final Leave leave =
            new Leave(clearance, new VerdictSheet(TestMails.to("a@example.net").envelope()));

    @Test
    void whatWasBegunAheadIsNotBegunAgain() {
        leave.beginAhead();
        leave.beginAhead();
        leave.begin();

        assertThat(clearance.begun()).hasSize(1);
    }

    @Test
    void eachTransactionIsBegun() {
        leave.beginAhead();
        leave.begin();
        leave.begin();

        assertThat(clearance.begun()).hasSize(2);
    }

    /// As when a promise is broken while it is being kept.
    @Test
    void whatRunsIsNotBegunAhead() {
        leave.begin();
        leave.beginAhead();
        leave.begin();

        assertThat(clearance.begun()).hasSize(2);
    }

    @Test
    void whatIsOverIsNotBegun() {
        leave.giveUp();
        leave.beginAhead();

        assertThat(clearance.begun()).isEmpty();
    }
}

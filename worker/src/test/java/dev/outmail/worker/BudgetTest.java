package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BudgetTest {
    @Test
    void noMoreFitThanMayBeInFlight() {
        var budget = new Budget(2, 1_000);

        budget.take(1);
        assertThat(budget.fits(1)).isTrue();
        budget.take(1);

        assertThat(budget.fits(1)).isFalse();
        assertThat(budget.count()).isEqualTo(2);
    }

    @Test
    void noMoreBytesFitThanMayBeInFlight() {
        var budget = new Budget(100, 1_000);

        budget.take(600);

        assertThat(budget.fits(400)).isTrue();
        assertThat(budget.fits(401)).isFalse();
        assertThat(budget.bytes()).isEqualTo(600);
    }

    @Test
    void anEventLargerThanTheWholeBudgetFitsAlone() {
        var budget = new Budget(100, 1_000);

        assertThat(budget.fits(5_000)).isTrue();
        budget.take(5_000);
        assertThat(budget.fits(1)).isFalse();
        budget.giveBack(5_000);

        assertThat(budget.fits(1)).isTrue();
    }

    @Test
    void whatIsGivenBackIsThereAgain() {
        var budget = new Budget(1, 1_000);

        budget.take(700);
        budget.giveBack(700);

        assertThat(budget.count()).isZero();
        assertThat(budget.bytes()).isZero();
        assertThat(budget.fits(1_000)).isTrue();
    }
}

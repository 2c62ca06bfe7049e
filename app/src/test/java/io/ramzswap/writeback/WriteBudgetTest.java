package io.ramzswap.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WriteBudgetTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final long start = System.nanoTime();
    private final WriteBudget budget = new WriteBudget(start);

    @Test
    void shouldHaveNoBoundWhereThereIsNoBudget() {
        budget.spend(1 << 30, start);

        assertThat(budget.left(start)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldBeSpentAndNoMore() {
        budget.setBytesPerHour(1000);
        budget.spend(400, start);
        assertThat(budget.left(start)).isEqualTo(600);

        budget.spend(700, start + HOUR / 2);
        assertThat(budget.left(start + HOUR - 1)).isZero();
    }

    /** Who finds it spent does not spend: it must not take that for an hour to begin. */
    @Test
    void shouldBeThereAgainInTheNextHour() {
        budget.setBytesPerHour(1000);
        budget.spend(1000, start);

        assertThat(budget.left(start + HOUR)).isEqualTo(1000);

        budget.spend(300, start + HOUR);
        assertThat(budget.left(start + HOUR)).isEqualTo(700);
    }
}

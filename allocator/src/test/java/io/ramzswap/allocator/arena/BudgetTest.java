package io.ramzswap.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final int ROUNDS = 3_000_000;

    @Test
    void shouldNotRefuseAFrameBecauseARunIsRefusedMeanwhile() throws Exception {
        Budget budget = new Budget(8L * Arena.FRAME_BYTES);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> runs = executor.submit(() -> {
                int taken = 0;
                while (!done.get()) {
                    taken += budget.take(16) ? 1 : 0;
                }
                return taken;
            });
            int refused = 0;
            for (int i = 0; i < ROUNDS; i++) {
                if (budget.take(1)) {
                    budget.give(1);
                } else {
                    refused++;
                }
            }
            done.set(true);
            assertThat(runs.get()).isZero();
            assertThat(refused).isZero();
            assertThat(budget.framesInUse()).isZero();
        } finally {
            executor.shutdown();
        }
    }
}

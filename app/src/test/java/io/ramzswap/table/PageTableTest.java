package io.ramzswap.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PageTableTest {
    private static final int SLAB_SHIFT = 4;

    private final PageTable table = new PageTable(new ByteBuffer[] {slab(), slab(), slab()}, SLAB_SHIFT);

    private static ByteBuffer slab() {
        return ByteBuffer.allocateDirect(PageTable.WORD_BYTES << SLAB_SHIFT).order(ByteOrder.nativeOrder());
    }

    @Test
    void shouldKeepOneWordForEachSlotOfEverySlab() {
        for (int slot = 0; slot < 3 << SLAB_SHIFT; slot++) {
            assertThat(table.exchange(slot, slot + 1L)).isZero();
        }
        for (int slot = 0; slot < 3 << SLAB_SHIFT; slot++) {
            assertThat(table.get(slot)).isEqualTo(slot + 1L);
        }
    }

    @Test
    void shouldPublishTheWordThatUnlocks() {
        table.exchange(3, 42);

        assertThat(table.lock(3)).isEqualTo(42);
        assertThat(table.get(3)).as("a reader does not see the lock").isEqualTo(42);
        table.unlock(3, 43);

        assertThat(table.lock(3)).isEqualTo(43);
    }

    @Test
    void shouldLetNobodyReplaceAWordThatIsLocked() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            table.exchange(5, 1);
            table.lock(5);
            CountDownLatch waiting = new CountDownLatch(1);
            Future<Long> replaced = threads.submit(() -> {
                waiting.countDown();
                return table.exchange(5, 2);
            });
            waiting.await();
            for (int i = 0; i < 1000; i++) {
                Thread.onSpinWait();
                assertThat(replaced.isDone()).isFalse();
                assertThat(table.get(5)).isEqualTo(1);
            }
            table.unlock(5, 7);

            assertThat(replaced.get(10, TimeUnit.SECONDS)).isEqualTo(7);
            assertThat(table.get(5)).isEqualTo(2);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldHandEachReplacedWordToExactlyOneThread() throws Exception {
        int rounds = 100_000;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Long> one = threads.submit(() -> sumOfReplaced(0, rounds));
            Future<Long> other = threads.submit(() -> sumOfReplaced(rounds, rounds));

            long all = 2L * rounds * (2L * rounds - 1) / 2;
            assertThat(one.get() + other.get() + table.get(9)).isEqualTo(all);
        } finally {
            threads.shutdownNow();
        }
    }

    private long sumOfReplaced(long first, int rounds) {
        long sum = 0;
        for (int i = 0; i < rounds; i++) {
            sum += table.exchange(9, first + i);
        }
        return sum;
    }
}

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

    private final ByteBuffer[] slabs = {slab(), slab(), slab()};
    private final PageTable table = new PageTable(slabs, SLAB_SHIFT);

    private static ByteBuffer slab() {
        return ByteBuffer.allocateDirect(PageTable.WORD_BYTES << SLAB_SHIFT).order(ByteOrder.nativeOrder());
    }

    private static long word(long value) {
        return PageWord.filled(value);
    }

    @Test
    void shouldKeepOneWordForEachSlotOfEverySlab() {
        for (int slot = 0; slot < 3 << SLAB_SHIFT; slot++) {
            assertThat(table.exchange(slot, word(slot + 1))).isZero();
        }
        for (int slot = 0; slot < 3 << SLAB_SHIFT; slot++) {
            assertThat(table.get(slot)).isEqualTo(word(slot + 1));
        }
    }

    @Test
    void shouldPublishTheWordThatUnlocks() {
        table.exchange(3, word(42));

        assertThat(table.lock(3)).isEqualTo(word(42));
        assertThat(table.get(3)).as("a reader does not see the lock").isEqualTo(word(42));
        assertThat(table.unlock(3, word(42), word(43))).isTrue();

        assertThat(table.lock(3)).isEqualTo(word(43));
    }

    @Test
    void shouldLetNobodyReplaceAWordThatIsLocked() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            table.exchange(5, word(1));
            table.lock(5);
            CountDownLatch waiting = new CountDownLatch(1);
            Future<Long> replaced = threads.submit(() -> {
                waiting.countDown();
                return table.exchange(5, word(2));
            });
            waiting.await();
            for (int i = 0; i < 1000; i++) {
                Thread.onSpinWait();
                assertThat(replaced.isDone()).isFalse();
                assertThat(table.get(5)).isEqualTo(word(1));
            }
            table.unlock(5, word(1), word(7));

            assertThat(replaced.get(10, TimeUnit.SECONDS)).isEqualTo(word(7));
            assertThat(table.get(5)).isEqualTo(word(2));
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
            assertThat(one.get() + other.get() + PageWord.fillValue(table.get(9)))
                    .isEqualTo(all);
        } finally {
            threads.shutdownNow();
        }
    }

    private long sumOfReplaced(long first, int rounds) {
        long sum = 0;
        for (int i = 0; i < rounds; i++) {
            sum += PageWord.fillValue(table.exchange(9, word(first + i)));
        }
        return sum;
    }

    @Test
    void shouldWaitForNobodyWhereASlotOnlySeemsToBeTaken() {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            for (long sound : new long[] {PageWord.EMPTY_WORD, word(3), PageWord.raw(9), PageWord.IN_FLIGHT_WORD}) {
                put(6, sound ^ 1L << bit);

                assertThat(table.get(6)).isEqualTo(PageWord.DAMAGED_WORD);
                assertThat(table.awaitLanding(6)).isEqualTo(PageWord.DAMAGED_WORD);
                assertThat(table.lock(6)).isEqualTo(PageWord.DAMAGED_WORD);
                assertThat(table.tryLock(6)).isEqualTo(PageTable.BUSY);
                assertThat(table.lockLeaving(6)).isEqualTo(PageTable.BUSY);
                assertThat(table.replace(6, sound, word(1))).isFalse();
                assertThat(table.tryExchange(6, word(4))).isEqualTo(PageWord.DAMAGED_WORD);
                assertThat(table.get(6)).isEqualTo(word(4));
                put(6, sound ^ 1L << bit);
                assertThat(table.exchange(6, word(5))).isEqualTo(PageWord.DAMAGED_WORD);
                assertThat(table.get(6)).isEqualTo(word(5));
            }
        }
    }

    @Test
    void shouldLetTheThreadThatHoldsASlotPutRightWhatWasDamagedMeanwhile() {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            table.exchange(7, word(1));
            table.lock(7);
            flip(7, bit);
            assertThat(table.get(7)).isEqualTo(PageWord.DAMAGED_WORD);
            assertThat(table.unlock(7, word(1), word(2))).isTrue();
            assertThat(table.get(7)).isEqualTo(word(2));

            table.exchange(7, PageWord.IN_FLIGHT_WORD);
            flip(7, bit);
            assertThat(table.land(7, word(3))).isTrue();
            assertThat(table.get(7)).isEqualTo(word(3));
        }
    }

    @Test
    void shouldTellTheThreadThatHeldASlotThatItIsAnothersNow() {
        table.exchange(8, word(1));
        table.lock(8);
        flip(8, 63);
        table.exchange(8, word(2));

        assertThat(table.unlock(8, word(1), word(1))).isFalse();
        assertThat(table.get(8)).isEqualTo(word(2));

        table.exchange(8, PageWord.IN_FLIGHT_WORD);
        flip(8, 62);
        table.exchange(8, word(4));

        assertThat(table.land(8, word(3))).isFalse();
        assertThat(table.get(8)).isEqualTo(word(4));
    }

    private void flip(int slot, int bit) {
        put(slot, slabs[0].getLong(slot * PageTable.WORD_BYTES) ^ 1L << bit);
    }

    private void put(int slot, long found) {
        slabs[0].putLong(slot * PageTable.WORD_BYTES, found);
    }
}

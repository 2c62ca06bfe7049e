package io.ramzswap.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.table.AccessAges;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.Ledger;
import io.ramzswap.tier.TierSink;
import io.ramzswap.tier.TierSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The mover, between two neighbours of which neither is memory nor a disk. */
@Timeout(60)
class WriteBackTest {
    private static final int SLOTS = 256;
    private static final int LENGTH = 1000;
    private static final int FASTER = PageWord.FIRST_FREE;
    private static final int SLOWER = PageWord.FIRST_FREE + 1;

    private final PageTable table =
            new PageTable(new ByteBuffer[] {ByteBuffer.allocateDirect(SLOTS * PageTable.WORD_BYTES)}, 20);
    private final AccessAges ages =
            new AccessAges(new ByteBuffer[] {ByteBuffer.allocateDirect(SLOTS * AccessAges.AGE_BYTES)}, 20);
    private final Neighbour faster = new Neighbour();
    private final Batch slower = new Batch();
    private final WriteBack mover = new WriteBack(table, ages, SLOTS, faster, slower, slower);
    private final Thread thread = new Thread(mover);

    @BeforeEach
    void fill() {
        for (int slot = 0; slot < SLOTS; slot++) {
            table.exchange(slot, inFaster(slot));
            ages.touch(slot);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        slower.release.countDown();
        mover.stop();
        thread.join();
        assertThat(faster.closed).isTrue();
        assertThat(slower.ended).isTrue();
    }

    private static long inFaster(int slot) {
        return PageWord.inTier(FASTER, 2, LENGTH, slot * 4L);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void shouldMoveEveryPageButTheHeaderWhenItIsToldTo() {
        thread.start();
        mover.order(new WriteBackOrder(WriteBackKind.ALL, 0));

        await(() -> slower.left == SLOTS - 1);

        for (int slot = 1; slot < SLOTS; slot++) {
            assertThat(PageWord.state(table.get(slot))).isEqualTo(SLOWER);
            assertThat(PageWord.compressor(table.get(slot))).isEqualTo(2);
        }
        assertThat(table.get(0)).isEqualTo(inFaster(0));
        assertThat(faster.freed).hasSize(SLOTS - 1);
    }

    @Test
    void shouldLeaveWhereItIsWhatTheSlowerTierRefuses() {
        slower.refuses = true;
        thread.start();
        mover.order(new WriteBackOrder(WriteBackKind.ALL, 0));

        await(() -> slower.refused >= SLOTS - 1);
        await(() -> table.get(SLOTS - 1) == inFaster(SLOTS - 1));

        assertThat(slower.left).isZero();
        assertThat(faster.freed).isEmpty();
    }

    /** The copy is of the page that was there before. */
    @Test
    void shouldNotPutACopyInPlaceOfAPageThatWasWrittenMeanwhile() {
        slower.holds = true;
        thread.start();
        mover.order(new WriteBackOrder(WriteBackKind.ALL, 0));
        await(() -> PageWord.isLeaving(table.get(7)) && slower.waits);
        long newer = PageWord.inTier(FASTER, 1, 77, 5000);
        table.exchange(7, newer);

        slower.release.countDown();

        await(() -> slower.left == SLOTS - 2);
        assertThat(table.get(7)).isEqualTo(newer);
    }

    @Test
    void shouldMoveTheColdestPagesOfATierThatIsNearlyFull() {
        faster.used = 60;
        thread.start();

        await(() -> slower.left > 0);

        assertThat(faster.told).isTrue();
        assertThat(slower.left).isLessThan(SLOTS - 1);
    }

    @Test
    void shouldMoveNothingWhileTheSlowerTierIsNotWilling() {
        slower.unwilling = true;
        faster.used = 63;
        thread.start();
        await(() -> slower.asked > 3);
        assertThat(slower.left).isZero();
        slower.unwilling = false;
        await(() -> slower.left > 0);
    }

    @Test
    void shouldWelcomeAPageThatWouldStillBeThere() {
        long word = PageWord.inTier(SLOWER, 1, LENGTH, 4);
        int age = mover.touch(5);
        assertThat(age).isZero();
        faster.used = 62;
        assertThat(mover.isWelcome(word, 0)).as("no room").isFalse();
        faster.used = 10;
        assertThat(mover.isWelcome(word, AccessAges.OLDEST)).as("old").isFalse();
        thread.start();
    }

    /** A tier of 64 KiB. */
    private static final class Neighbour implements TierSource {
        private final Set<Long> freed = ConcurrentHashMap.newKeySet();
        private volatile int used;
        private volatile boolean told;
        private volatile boolean closed;

        @Override
        public int states() {
            return 1 << FASTER;
        }

        @Override
        public int copy(long word, int slot, ByteBuffer destination) {
            destination.putInt(0, slot);
            return PageWord.length(word);
        }

        @Override
        public boolean free(long word, int slot) {
            freed.add(PageWord.location(word));
            return true;
        }

        @Override
        public long usedBytes() {
            return used * 1024L;
        }

        @Override
        public long limitBytes() {
            return 64 << 10;
        }

        @Override
        public boolean isShort() {
            return false;
        }

        @Override
        public void pagesLeft() {
            told = true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Takes batches of 16. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts
    private static final class Batch implements TierSink, Ledger {
        private final ByteBuffer object = ByteBuffer.allocateDirect(4096);
        private final List<long[]> batch = new ArrayList<>();
        private final CountDownLatch release = new CountDownLatch(1);
        private volatile boolean refuses;
        private volatile boolean holds;
        private volatile boolean waits;
        private volatile boolean unwilling;
        private volatile boolean ended;
        private volatile int asked;
        private volatile int left;
        private volatile int refused;

        @Override
        public void begin() {}

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void wake() {}

        @Override
        public boolean isWilling(long now) {
            asked++;
            return !unwilling;
        }

        @Override
        public void abandon() {
            throw new AssertionError("the mover failed");
        }

        @Override
        public ByteBuffer object() {
            return object;
        }

        @Override
        public boolean add(int slot, int length, int compressor) {
            assertThat(object.getInt(0)).isEqualTo(slot);
            if (batch.size() == 16) {
                return false;
            }
            batch.add(new long[] {slot, PageWord.inTier(SLOWER, compressor, length, slot * 8L)});
            return true;
        }

        @Override
        public boolean flush(Owner owner) {
            if (holds && !batch.isEmpty()) {
                waits = true;
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            for (long[] page : batch) {
                if (refuses) {
                    refused++;
                    owner.refused((int) page[0]);
                } else {
                    owner.written((int) page[0], page[1]);
                }
            }
            batch.clear();
            return true;
        }

        @Override
        public boolean isEmpty() {
            return batch.isEmpty();
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean addWaiting(Owner owner) {
            return false;
        }

        @Override
        public boolean clean(Owner owner) {
            return false;
        }

        @Override
        public int bytes(long word) {
            return PageWord.length(word);
        }

        @Override
        public void sent(boolean taken) {}

        @Override
        public void left(long word, long slowerWord, int slowerBytes) {
            left++;
        }
    }
}

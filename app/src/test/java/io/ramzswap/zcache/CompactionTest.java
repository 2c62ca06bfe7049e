package io.ramzswap.zcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.Tier;
import io.ramzswap.tier.TierSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages keep their bytes while a compaction moves them about under readers and writers. */
class CompactionTest {
    private static final int PAGE = 4096;
    private static final int SLOTS = 4096;
    private static final int SLAB_SHIFT = 12;

    private final Arena arena = Arena.create(ArenaOptions.ofLimit(64L << 20).withReserveBytes(4L << 20));
    private final PageTable table = new PageTable(
            new ByteBuffer[] {
                ByteBuffer.allocateDirect(PageTable.WORD_BYTES << SLAB_SHIFT).order(ByteOrder.nativeOrder())
            },
            SLAB_SHIFT);

    @AfterEach
    void close() {
        arena.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = AllocatorKind.class,
            names = {"SEGMENT", "ZSMALLOC"})
    void shouldKeepPagesWholeWhileTheyMove(AllocatorKind kind) throws Exception {
        Allocator allocator = kind.create(arena, 0);
        CompressedStore store = new CompressedStore(arena, allocator, new CompressorChoice(CompressorKind.DEFAULT));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<?> even = threads.submit(() -> churn(store, 0));
            Future<?> odd = threads.submit(() -> churn(store, 1));
            Relocator relocator = new Relocator(table, SLOTS, arena, allocator);
            while (!even.isDone() || !odd.isDone()) {
                allocator.compact(relocator, 1 << 20);
            }
            even.get();
            odd.get();
        } finally {
            threads.shutdownNow();
        }
        assertThat(allocator.statistics().movedObjects()).isGreaterThan(1000);
    }

    /** The refiller of this arena never runs: what is taken of the reserve stays taken. */
    @Test
    void shouldLetPagesComeFirstWhileTheReserveIsShort() throws Exception {
        try (Arena unfilled = Arena.create(ArenaOptions.ofLimit(64L << 20)
                .withReserveBytes(16L << 20)
                .withThreadFactory(task -> new Thread(() -> {})))) {
            Allocator allocator = AllocatorKind.SEGMENT.create(unfilled, 0);
            storeAndFreeHalf(new CompressedStore(unfilled, allocator, new CompressorChoice(CompressorKind.DEFAULT)));
            List<Long> taken = Stream.generate(unfilled::allocateFrame)
                    .takeWhile(frame -> !unfilled.isReserveShort())
                    .toList();
            Compactor compactor = new Compactor(table, SLOTS, unfilled, allocator);
            Thread thread = new Thread(compactor);
            thread.start();
            try {
                await(() -> compactor.pauses() > 0);
                assertThat(allocator.statistics().movedObjects()).isZero();

                taken.forEach(unfilled::freeFrame);

                await(() -> allocator.statistics().movedObjects() > 0);
            } finally {
                compactor.stop();
                thread.join();
            }
        }
    }

    private void storeAndFreeHalf(CompressedStore store) {
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
        try (TierSession session = store.open()) {
            for (int slot = 0; slot < SLOTS; slot++) {
                replace(session, slot, session.store(slot, fill(page, slot), 0, Tier.ANY_BYTES));
            }
            for (int slot = 0; slot < SLOTS; slot += 2) {
                replace(session, slot, PageWord.EMPTY_WORD);
            }
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Writes, reads and frees every second slot, and knows what each holds. */
    private void churn(CompressedStore store, int first) {
        Random random = new Random(first);
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
        ByteBuffer read = ByteBuffer.allocateDirect(PAGE);
        long[] seeds = new long[SLOTS];
        try (TierSession session = store.open()) {
            for (int step = 0; step < 60_000; step++) {
                int slot = first + 2 * random.nextInt(SLOTS / 2);
                int action = random.nextInt(4);
                if (seeds[slot] == 0 || action == 0) {
                    seeds[slot] = 1L + random.nextInt(Integer.MAX_VALUE);
                    fill(page, seeds[slot]);
                    replace(session, slot, session.store(slot, page, 0, Tier.ANY_BYTES));
                } else if (action == 1) {
                    seeds[slot] = 0;
                    replace(session, slot, PageWord.EMPTY_WORD);
                } else {
                    assertHolds(session, slot, fill(page, seeds[slot]), read);
                }
            }
        }
    }

    private void replace(TierSession session, int slot, long word) {
        assertThat(word).isNotEqualTo(TierSession.REFUSED);
        long old = table.exchange(slot, word);
        if (PageWord.state(old) == PageWord.COMPRESSED || PageWord.state(old) == PageWord.RAW) {
            session.free(old, slot);
        }
    }

    private void assertHolds(TierSession session, int slot, ByteBuffer expected, ByteBuffer read) {
        long word = table.lock(slot);
        boolean intact = session.load(word, slot, read, 0) == Outcome.INTACT;
        table.unlock(slot, word, word);
        assertThat(intact).as("checksum of slot %d", slot).isTrue();
        assertThat(read).as("slot %d", slot).isEqualTo(expected);
    }

    private static ByteBuffer fill(ByteBuffer page, long seed) {
        Random random = new Random(seed);
        byte[] noise = new byte[random.nextInt(3000)];
        random.nextBytes(noise);
        return page.put(0, new byte[PAGE]).put(0, noise);
    }
}

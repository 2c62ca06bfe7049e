package io.ramzswap.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.ramzswap.allocator.libc.Libc;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArenaTest {
    private static final int MIB = 1 << 20;
    private static final ArenaOptions OPTIONS = ArenaOptions.ofLimit(32 * MIB)
            .withName("test-arena")
            .withReserveBytes(MIB)
            .withRefillWait(Duration.ofSeconds(10));

    private static int fill(Arena arena, long[] frames) {
        int count = 0;
        for (long frame = arena.allocateFrame(); frame != Arena.NONE; frame = arena.allocateFrame()) {
            frames[count++] = frame;
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHandOutFramesUpToTheLimitAndRefuseByValue(boolean populateKnown) {
        Libc libc = populateKnown ? Libc.system() : new SharedMemoryTest.WithoutPopulate();
        try (Arena arena = Arena.create(OPTIONS, libc)) {
            long[] frames = new long[8192];
            int count = fill(arena, frames);
            ArenaStatistics statistics = arena.statistics();
            assertThat(arena.usedBytes()).isBetween(32L * MIB - 8192, 32L * MIB);
            assertThat(statistics.framesInUse()).isEqualTo(count);
            assertThat(arena.usedBytes()).isEqualTo(count * 4096L + statistics.metadataBytes());
            assertThat(statistics.refusals()).isOne();
            assertThat(statistics.highWaterBytes()).isEqualTo(arena.usedBytes());

            arena.freeFrame(frames[17]);
            assertThat(arena.allocateFrame()).isEqualTo(frames[17]);
        }
    }

    @Test
    void shouldHandOutEveryFrameOnce() {
        try (Arena arena = Arena.create(OPTIONS)) {
            long[] frames = new long[8192];
            int count = fill(arena, frames);
            for (int i = 0; i < count; i++) {
                assertThat(arena.frameWord(frames[i])).isZero();
                arena.setFrameWord(frames[i], i + 1L);
                long offset = arena.frameOffset(frames[i]);
                assertThat(arena.frameAt(offset + 4095)).isEqualTo(frames[i]);
                arena.slab(offset).putLong(Arena.position(offset) + 4088, i);
            }
            for (int i = 0; i < count; i++) {
                long offset = arena.frameOffset(frames[i]);
                assertThat(arena.frameWord(frames[i])).isEqualTo(i + 1L);
                assertThat(arena.slab(offset).getLong(Arena.position(offset) + 4088))
                        .isEqualTo(i);
            }
        }
    }

    @Test
    void shouldHoldNoMoreOfTheKernelThanItSays() throws InterruptedException {
        try (Arena arena = Arena.create(OPTIONS)) {
            long[] frames = new long[8192];
            int count = fill(arena, frames);
            assertThat(MappedMemory.residentBytes("test-arena")).isBetween(count * 4096L, 34L * MIB);
            for (int i = 0; i < count; i++) {
                arena.freeFrame(frames[i]);
            }
            Await.until("empty chunks return", () -> MappedMemory.residentBytes("test-arena") < 3 * MIB);
            Await.until("the count agrees", () -> MappedMemory.residentBytes("test-arena") == arena.populatedBytes());
            assertThat(arena.statistics().chunksGivenBack()).isGreaterThan(100);
            assertThat(arena.statistics().framesInUse()).isZero();
        }
    }

    /** Some is free all the time, most of it at times: that is soon needed again. */
    @Test
    void shouldKeepWhatIsSoonNeededAgain() throws InterruptedException {
        int alwaysFree = 1000;
        try (Arena arena = Arena.create(OPTIONS)) {
            long[] frames = new long[8192];
            int count = fill(arena, frames);
            for (int i = 0; i < alwaysFree; i++) {
                arena.freeFrame(frames[--count]);
            }
            long populated = arena.statistics().chunksPopulated();
            // Together these are longer than the refiller looks back.
            for (int round = 0; round < 60; round++) {
                for (int i = 0; i < count; i++) {
                    arena.freeFrame(frames[i]);
                }
                Thread.sleep(50);
                for (int i = 0; i < count; i++) {
                    frames[i] = arena.allocateFrame();
                }
            }
            assertThat(arena.statistics().framesGivenBack()).isBetween(1L, (long) alwaysFree);
            assertThat(arena.statistics().chunksPopulated()).isEqualTo(populated);
        }
    }

    @Test
    void shouldReturnSingleFramesOfChunksThatStayInUse() throws InterruptedException {
        try (Arena arena = Arena.create(OPTIONS)) {
            long[] frames = new long[8192];
            int count = fill(arena, frames);
            for (int i = 0; i < count; i++) {
                if (i % 4 != 0) {
                    arena.freeFrame(frames[i]);
                }
            }
            Await.until("free frames return", () -> MappedMemory.residentBytes("test-arena") < 11 * MIB);
            for (int i = 0; i < count; i += 4) {
                arena.setFrameWord(frames[i], i);
            }
            assertThat(fill(arena, new long[8192])).isGreaterThan(count / 4 * 3 - 64);
        }
    }

    @Test
    void shouldKeepTheReserveFilledAheadOfNeed() throws InterruptedException {
        try (Arena arena = Arena.create(OPTIONS)) {
            assertThat(arena.statistics().reserveFrames()).isGreaterThanOrEqualTo(256);
            for (int i = 0; i < 200; i++) {
                arena.allocateFrame();
            }
            Await.until("the refiller fills up", () -> arena.statistics().reserveFrames() >= 256);
            assertThat(arena.statistics().reserveWaits()).isZero();
        }
    }

    @Test
    void shouldRefuseWhenTheHostHasNoMemoryAndServeAgainWhenItHas() {
        Host host = new Host();
        try (Arena arena = Arena.create(OPTIONS, host)) {
            host.full = true;
            long[] frames = new long[8192];
            int count = fill(arena, frames);
            assertThat(count).isBetween(256, 600);
            assertThat(arena.statistics().reserveWaits()).isOne();
            assertThat(arena.statistics().populateFailures()).isPositive();
            host.full = false;
            assertThat(arena.allocateFrame()).isNotEqualTo(Arena.NONE);
        }
    }

    /** As the kernel does: it has the refiller wait for memory and gives no answer. */
    @Test
    void shouldWaitOnceForMemoryThatDoesNotComeAndServeAgainWhenItDoes() throws InterruptedException {
        Host host = new Host();
        try (Arena arena = Arena.create(OPTIONS.withRefillWait(Duration.ofMillis(50)), host)) {
            host.hold();
            try {
                int count = fill(arena, new long[8192]);
                assertThat(count).isBetween(256, 600);
                for (int i = 0; i < 100; i++) {
                    assertThat(arena.allocateFrame()).isEqualTo(Arena.NONE);
                    assertThat(arena.allocateRun(4)).isEqualTo(Arena.NONE);
                }
                assertThat(arena.statistics().reserveWaits()).isOne();
            } finally {
                host.release();
            }

            Await.until("memory came", () -> arena.allocateFrame() != Arena.NONE);
            assertThat(arena.statistics().populateFailures()).isZero();
        }
    }

    @Test
    void shouldRefuseNothingBelowTheLimitBecauseMemoryIsSlowToCome() {
        Host host = new Host();
        ArenaOptions options = ArenaOptions.ofLimit(4 * MIB).withReserveBytes(MIB);
        try (Arena arena = Arena.create(options, host)) {
            host.delayEach(Duration.ofMillis(300));
            fill(arena, new long[1024]);
            assertThat(arena.isWithinLimit(1)).isFalse();
            assertThat(arena.statistics().reserveWaits()).isPositive();
        }
    }

    @Test
    void shouldSayWhyItCannotStartWithoutMemory() {
        Host host = new Host();
        host.full = true;
        assertThatThrownBy(() -> Arena.create(OPTIONS, host))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageStartingWith("cannot populate the header of arena test-arena: not enough memory");
    }

    @Test
    void shouldFollowANewLimit() {
        try (Arena arena = Arena.create(OPTIONS)) {
            arena.setLimitBytes(2 * MIB);
            long[] frames = new long[8192];
            int small = fill(arena, frames);
            assertThat(arena.usedBytes()).isLessThanOrEqualTo(2 * MIB);
            arena.setLimitBytes(4 * MIB);
            assertThat(fill(arena, frames)).isBetween(508, 512);
            assertThat(small).isLessThan(512);
            arena.setLimitBytes(MIB);
            assertThat(arena.allocateFrame()).isEqualTo(Arena.NONE);
        }
    }

    @Test
    void shouldHandOutRunsWithinAChunkFromFragmentedMemory() {
        try (Arena arena = Arena.create(OPTIONS.withCapacityBytes(64 * MIB))) {
            long[] frames = new long[8192];
            int count = fill(arena, frames);
            for (int i = 0; i < count; i += 2) {
                arena.freeFrame(frames[i]);
            }
            for (int run = 1; run <= Arena.MAX_RUN_FRAMES; run *= 2) {
                long first = arena.allocateRun(run);
                assertThat(first).as("run of %d", run).isNotEqualTo(Arena.NONE);
                assertThat(first / 64).isEqualTo((first + run - 1) / 64);
                for (long frame = first; frame < first + run; frame++) {
                    assertThat(arena.isInUse(frame)).isTrue();
                }
            }
        }
    }

    @Test
    void shouldIgnoreAndCountADoubleFree() {
        try (Arena arena = Arena.create(OPTIONS)) {
            long frame = arena.allocateFrame();
            assertThat(arena.freeFrame(frame)).isTrue();
            assertThat(arena.freeFrame(frame)).isFalse();
            assertThat(arena.statistics().badFrees()).isOne();
            assertThat(arena.statistics().framesInUse()).isZero();
        }
    }

    @Test
    void shouldAllocateNothingOnTheHeap() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.create(OPTIONS)) {
            long[] frames = new long[2048];
            churn(arena, frames, 50);
            long before = threads.getCurrentThreadAllocatedBytes();
            long none = threads.getCurrentThreadAllocatedBytes() - before;
            before = threads.getCurrentThreadAllocatedBytes();
            churn(arena, frames, 50);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isEqualTo(none);
        }
    }

    @Test
    void shouldAllocateNothingOnTheHeapWhenManyThreadsAreRefusedAtOnce() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try (Arena arena = Arena.create(OPTIONS)) {
            takeAll(arena);
            beRefused(arena);
            List<Future<Long>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(executor.submit(() -> {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    long none = threads.getCurrentThreadAllocatedBytes() - before;
                    before = threads.getCurrentThreadAllocatedBytes();
                    beRefused(arena);
                    return threads.getCurrentThreadAllocatedBytes() - before - none;
                }));
            }
            for (Future<Long> result : results) {
                assertThat(result.get()).isZero();
            }
        } finally {
            executor.shutdown();
        }
    }

    private static void beRefused(Arena arena) {
        for (int i = 0; i < 1_000_000; i++) {
            arena.allocateFrame();
        }
    }

    private static void churn(Arena arena, long[] frames, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < frames.length; i++) {
                frames[i] = arena.allocateFrame();
            }
            for (long frame : frames) {
                arena.freeFrame(frame);
            }
        }
    }

    @Test
    void shouldNeverHandAFrameToTwoThreads() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try (Arena arena = Arena.create(OPTIONS)) {
            Future<?>[] results = new Future<?>[4];
            for (int i = 0; i < results.length; i++) {
                long mark = 1L + i;
                results[i] = executor.submit(() -> claimAndRelease(arena, mark));
            }
            for (Future<?> result : results) {
                result.get();
            }
            assertThat(arena.statistics().framesInUse()).isZero();
            assertThat(arena.statistics().badFrees()).isZero();
        } finally {
            executor.shutdown();
        }
    }

    private static void claimAndRelease(Arena arena, long mark) {
        SplittableRandom random = new SplittableRandom(mark);
        long[] frames = new long[1500];
        int live = 0;
        for (int i = 0; i < 300_000; i++) {
            if (live == 0 || (live < frames.length && random.nextInt(1000) < 505)) {
                long frame = arena.allocateFrame();
                assertThat(frame).isNotEqualTo(Arena.NONE);
                assertThat(arena.frameWord(frame)).isZero();
                arena.setFrameWord(frame, mark);
                long offset = arena.frameOffset(frame);
                arena.slab(offset).putLong(Arena.position(offset), mark);
                frames[live++] = frame;
            } else {
                int index = random.nextInt(live);
                long offset = arena.frameOffset(frames[index]);
                assertThat(arena.frameWord(frames[index])).isEqualTo(mark);
                assertThat(arena.slab(offset).getLong(Arena.position(offset))).isEqualTo(mark);
                arena.freeFrame(frames[index]);
                frames[index] = frames[--live];
            }
        }
        while (live > 0) {
            arena.freeFrame(frames[--live]);
        }
    }

    @Test
    void shouldCarryFramesOverToWhoOpensTheMemory() {
        Arena first = Arena.create(OPTIONS);
        SharedMemory kept = SharedMemory.open("/proc/self/fd/" + first.memory().fd(), Libc.system());
        long frame = first.allocateFrame();
        long other = first.allocateFrame();
        first.setFrameWord(frame, 99);
        first.setFrameTag(frame, FrameTag.RAW);
        first.freeFrame(other);
        first.setRoot(3, frame);
        long used = first.usedBytes();
        first.close();

        try (Arena second = Arena.open(kept, OPTIONS)) {
            assertThat(second.usedBytes()).isEqualTo(used);
            assertThat(second.isInUse(frame)).isTrue();
            assertThat(second.isInUse(other)).isFalse();
            assertThat(second.frameWord(frame)).isEqualTo(99);
            assertThat(second.frameTag(frame)).isEqualTo(FrameTag.RAW);
            assertThat(second.root(3)).isEqualTo(frame);
            assertThat(second.root(4)).isEqualTo(Arena.NONE);
            second.freeFrame(frame);
            assertThat(second.statistics().framesInUse()).isZero();
        }
    }

    /** The refiller, too, holds frames without a tag: those that it is giving back. */
    @Test
    void shouldReclaimFramesThatWereNobodysYetBeforeTheRefillerStarts() {
        Arena first = Arena.create(OPTIONS);
        SharedMemory kept = SharedMemory.open("/proc/self/fd/" + first.memory().fd(), Libc.system());
        long tagged = first.allocateFrame();
        first.setFrameTag(tagged, FrameTag.RAW);
        first.allocateRun(7);
        first.close();

        AtomicLong inUse = new AtomicLong();
        ArenaOptions options = OPTIONS.withThreadFactory(refiller -> {
            inUse.set(framesInUse(kept));
            return new Thread(refiller);
        });
        try (Arena second = Arena.open(kept, options)) {
            assertThat(inUse).hasValue(1);
            assertThat(second.isInUse(tagged)).isTrue();
            assertThat(second.statistics().framesInUse()).isOne();
        }
    }

    /** What another process that maps the memory sees in use. */
    private static long framesInUse(SharedMemory memory) {
        ArenaHeader header = new ArenaHeader(memory);
        ChunkTable chunks = new ChunkTable(memory, header.read(), new Frames(memory, header.read()));
        long inUse = 0;
        for (int chunk = 0; chunk < header.populatedRecords(); chunk++) {
            inUse += Long.bitCount(chunks.populated(chunk) & ~chunks.free(chunk));
        }
        return inUse;
    }

    @Test
    void shouldCountAllMetadataOfWhatItTakesOver() {
        // The last page of records is not whole.
        ArenaOptions options = OPTIONS.withCapacityBytes(40 * ArenaLayout.CHUNK_BYTES);
        Arena first = Arena.create(options);
        SharedMemory kept = SharedMemory.open("/proc/self/fd/" + first.memory().fd(), Libc.system());
        for (long frame : takeAll(first)) {
            first.setFrameTag(frame, FrameTag.RAW);
        }
        long metadata = first.statistics().metadataBytes();
        first.close();

        try (Arena second = Arena.open(kept, options)) {
            assertThat(second.statistics().metadataBytes()).isEqualTo(metadata);
        }
    }

    private static long[] takeAll(Arena arena) {
        long[] frames = new long[8192];
        return Arrays.copyOf(frames, fill(arena, frames));
    }

    @Test
    void shouldRefuseToOpenWhatIsNoArena() {
        SharedMemory memory = SharedMemory.create("test-none", MIB);
        assertThatThrownBy(() -> Arena.open(memory, OPTIONS))
                .hasMessage("cannot open the arena: the memory does not hold one (wrong magic)");
    }
}

package io.ramzswap.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorStatistics;
import io.ramzswap.allocator.block.SegmentAllocator;
import io.ramzswap.allocator.libc.Libc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Single frames, as raw pages take them, beside objects, whose allocator needs frames in a row. */
class MixedPagesTest {
    private static final long MIB = 1 << 20;
    private static final int RESERVE_FRAMES = 1024;
    private static final int RUN = 16;

    private final Host host = new Host();
    private Arena arena;
    private Allocator allocator;

    private void start(long limitBytes, long capacityBytes) {
        arena = Arena.create(
                ArenaOptions.ofLimit(limitBytes)
                        .withName("mixed")
                        .withCapacityBytes(capacityBytes)
                        .withReserveBytes((long) RESERVE_FRAMES * Arena.FRAME_BYTES)
                        .withRefillWait(Duration.ofSeconds(30)),
                host);
        allocator = SegmentAllocator.create(arena);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    private long[] takeFrames(int count) {
        long[] frames = new long[count];
        for (int i = 0; i < count; i++) {
            frames[i] = arena.allocateFrame();
            assertThat(frames[i]).as("frame %d", i).isNotEqualTo(Arena.NONE);
            arena.setFrameTag(frames[i], FrameTag.RAW);
        }
        return frames;
    }

    /** Frees one of so many. */
    private void freeEvery(int step, long[] frames) {
        for (int i = 0; i < frames.length; i += step) {
            arena.freeFrame(frames[i]);
        }
    }

    private int runsOfReserve() {
        int runs = 0;
        while (arena.allocateRun(RUN) != Arena.NONE) {
            runs++;
        }
        return runs;
    }

    @Test
    void shouldServeObjectsOfTheReserveWhereverFramesWereFreed() throws InterruptedException {
        start(512 * MIB, 1024 * MIB);
        freeEvery(8, takeFrames(32 * 1024));
        Await.until("what is not needed returns", () -> arena.statistics().framesGivenBack() > 0);
        Await.until("the reserve is full", () -> arena.statistics().reserveFrames() >= RESERVE_FRAMES);
        Await.until("it is not more than full", () -> arena.statistics().reserveFrames() <= 2 * RESERVE_FRAMES);
        Await.until("it is not short", () -> !arena.isReserveShort());
        host.full = true;
        int served = 0;
        while (allocator.allocate(1500) != Allocator.NONE) {
            served++;
        }
        assertThat(served).isGreaterThan(RESERVE_FRAMES / RUN / 2 * (RUN * Arena.FRAME_BYTES / 1504));
    }

    @Test
    void shouldSayThatTheReserveIsShortWhenNoRunIsLeftOfIt() {
        start(512 * MIB, 1024 * MIB);
        long[] frames = takeFrames(8 * 1024);
        host.full = true;
        assertThat(runsOfReserve()).isPositive();
        freeEvery(2, frames);
        assertThat(arena.statistics().reserveFrames()).isGreaterThan(RESERVE_FRAMES);
        assertThat(arena.isReserveShort()).isTrue();
    }

    @Test
    void shouldNotTakeARunApartAsLongAsThereAreFramesBesideRuns() {
        start(512 * MIB, 1024 * MIB);
        long[] frames = takeFrames(4 * 1024);
        host.full = true;
        assertThat(runsOfReserve()).isPositive();
        int single = 0;
        for (long frame : frames) {
            boolean low = frame >= 1024 && frame < 2048;
            boolean scattered = frame >= 2048 && frame % 8 == 0;
            if (low || scattered) {
                arena.freeFrame(frame);
            }
            single += scattered ? 1 : 0;
        }
        takeFrames(single);
        assertThat(runsOfReserve()).isEqualTo(1024 / RUN);
    }

    @Test
    void shouldFillWhatFreedFramesLeftBeforeItTakesMoreRunsApart() throws InterruptedException {
        start(512 * MIB, 1024 * MIB);
        long[] frames = takeFrames(32 * 1024);
        long highest = 0;
        for (long frame : frames) {
            highest = Math.max(highest, frame);
        }
        freeEvery(2, frames);
        Await.until("frames return", () -> arena.statistics().reserveFrames() < 2 * RESERVE_FRAMES);
        int beyond = 0;
        for (int taken = 0; taken < frames.length / 4; taken += 64) {
            for (long frame : takeFrames(64)) {
                beyond += frame > highest ? 1 : 0;
            }
            Await.until("there are frames beside runs", () -> arena.statistics().reserveFrames() > RESERVE_FRAMES + 64);
        }
        assertThat(beyond).isLessThan(frames.length / 4 / 8);
    }

    @Test
    void shouldRefuseNoObjectWithinTheLimitWhereTheRangeHasNoRunLeft() {
        int slots = 32 * 1024;
        long limit = limitOf(slots);
        start(limit, limit + limit / 4);
        long waits = writeOver(takeFrames(slots));
        assertThat(arena.statistics().populateFailures()).isZero();
        // A wait for what cannot come would be one for each of thousands of objects.
        assertThat(waits).isLessThan(1000);
    }

    @Test
    void shouldHaveRoomForRunsWhereverSingleFramesAreWithTheDefaults() {
        int slots = 32 * 1024;
        long limit = limitOf(slots);
        start(limit, ArenaOptions.ofLimit(limit).capacityBytes());
        writeOver(takeFrames(slots));
        // With its header each takes 2004 bytes; 5 % are for the ends of segments.
        assertThat(allocator.statistics().heldBytes())
                .isLessThan(allocator.statistics().objects() * 2004 * 21 / 20);
        // 24 bytes a page, of which there are as many as slots.
        assertThat(arena.statistics().metadataBytes()).isLessThan(24L * slots);
    }

    @Test
    void shouldTakeOverAndFreeObjectsThatHaveAFrameOfTheirOwn() {
        int slots = 4 * 1024;
        long limit = limitOf(slots);
        start(limit, limit);
        writeOver(takeFrames(slots));
        AllocatorStatistics before = allocator.statistics();
        assertThat(before.heldBytes()).isGreaterThan(before.objectBytes() / 2);
        SharedMemory kept = SharedMemory.open("/proc/self/fd/" + arena.memory().fd(), Libc.system());
        arena.close();

        arena = Arena.open(kept, ArenaOptions.ofLimit(limit).withReserveBytes(MIB));
        allocator = SegmentAllocator.open(arena, 0);
        assertThat(allocator.statistics().heldBytes()).isEqualTo(before.heldBytes());
        List<Long> objects = new ArrayList<>();
        allocator.forEachObject(objects::add);
        assertThat(objects).hasSize((int) before.objects());
        int framesOfTheirOwn = 0;
        for (long object : objects) {
            assertThat(allocator.size(object)).isGreaterThanOrEqualTo(2000);
            framesOfTheirOwn += allocator.size(object) == Arena.FRAME_BYTES ? 1 : 0;
            allocator.free(object);
        }
        assertThat(framesOfTheirOwn).isPositive();
        assertThat(allocator.statistics().objects()).isZero();
        assertThat(allocator.statistics().objectBytes()).isZero();
    }

    /** As a device has it for a disk of so many pages. */
    private static long limitOf(int slots) {
        return slots * 4096L + slots * 4096L / 64 + MIB;
    }

    /** Has objects take the place of four frames of five, picked at random; answers how often that waited. */
    private long writeOver(long[] frames) {
        long waits = arena.statistics().reserveWaits();
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int written = 0; written < frames.length * 8 / 10; ) {
            int slot = random.nextInt(frames.length);
            if (frames[slot] != Arena.NONE) {
                arena.freeFrame(frames[slot]);
                frames[slot] = Arena.NONE;
                assertThat(allocator.allocate(2000))
                        .as("object %d, seed %d", written, seed)
                        .isNotEqualTo(Allocator.NONE);
                written++;
            }
        }
        return arena.statistics().reserveWaits() - waits;
    }
}

package io.ramzswap.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.Await;
import io.ramzswap.allocator.arena.MappedMemory;
import io.ramzswap.allocator.arena.SharedMemory;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every allocator owes its users. The timeout is for defects only. */
@Timeout(300)
public abstract class AllocatorContract {
    private static final long LIMIT_BYTES = 64L << 20;
    private static final long RESERVE_BYTES = 2L << 20;
    private static final long FILL_BYTES = 24L << 20;
    private static final String ARENA_NAME = "contract-arena";
    private static final long SEED = 20090917;
    private static final int OPERATIONS = 350_000;

    private Arena arena;
    private Allocator allocator;
    private long emptyFrames;
    private SharedMemory table;

    /** What sizes a test asks for. */
    enum Sizes {
        UNIFORM {
            @Override
            int next(ObjectModel model) {
                return 1 + model.randomBelow(Allocator.MAX_OBJECT_BYTES);
            }
        },
        MOSTLY_MIDDLE {
            @Override
            int next(ObjectModel model) {
                return model.randomBelow(10) == 0 ? 1 + model.randomBelow(64) : 1024 + model.randomBelow(1577);
            }
        },
        SMALL_AND_HUGE {
            @Override
            int next(ObjectModel model) {
                return model.randomBelow(2) == 0 ? 1 + model.randomBelow(40) : 4096 - model.randomBelow(8);
            }
        };

        abstract int next(ObjectModel model);
    }

    /** A new allocator over the arena, as pool 0. */
    protected abstract Allocator create(Arena newArena);

    /** Whether compaction moves anything. */
    protected abstract boolean isCompacting();

    @BeforeEach
    void createAllocator() {
        arena = Arena.create(ArenaOptions.ofLimit(LIMIT_BYTES)
                .withName(ARENA_NAME)
                .withReserveBytes(RESERVE_BYTES)
                .withRefillWait(Duration.ofSeconds(10)));
        allocator = create(arena);
        emptyFrames = arena.statistics().framesInUse();
    }

    private SlotTable newTable(int slots) {
        table = SharedMemory.create("test-slots", (long) slots * Long.BYTES);
        return new SlotTable(allocator, arena, table);
    }

    @AfterEach
    void closeArena() {
        if (table != null) {
            table.close();
        }
        arena.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepEveryByteOfEveryLiveObjectOverRandomOperations(Sizes sizes) {
        ObjectModel model = new ObjectModel(allocator, arena, SEED, 12_000);
        for (int i = 0; i < OPERATIONS; i++) {
            boolean grow = (i / 20_000) % 2 == 0;
            if (model.live() == 0 || (!model.isFull() && model.randomBelow(10) < (grow ? 7 : 3))) {
                assertThat(model.allocate(sizes.next(model)))
                        .as("operation %d, seed %d", i, SEED)
                        .isTrue();
            } else {
                model.freeRandom();
            }
        }
        model.checkAll();
        model.freeAll();
        assertThat(arena.statistics().framesInUse()).isEqualTo(emptyFrames);
    }

    @Test
    void shouldServeEverySize() {
        ObjectModel model = new ObjectModel(allocator, arena, SEED, 2 * Allocator.MAX_OBJECT_BYTES);
        for (int size = 1; size <= Allocator.MAX_OBJECT_BYTES; size++) {
            assertThat(model.allocate(size)).isTrue();
            assertThat(model.allocate(Allocator.MAX_OBJECT_BYTES + 1 - size)).isTrue();
        }
        model.checkAll();
        model.freeAll();
        assertThat(arena.statistics().framesInUse()).isEqualTo(emptyFrames);
    }

    @Test
    void shouldRefuseByValueAtTheLimitAndServeAgainOnceMemoryWasFreed() {
        ObjectModel model = new ObjectModel(allocator, arena, SEED, 1 << 20);
        while (model.allocate(1 + model.randomBelow(Allocator.MAX_OBJECT_BYTES))) {
            assertThat(arena.usedBytes()).isLessThanOrEqualTo(LIMIT_BYTES);
        }
        while (model.allocate(1000)) {
            assertThat(arena.usedBytes()).isLessThanOrEqualTo(LIMIT_BYTES);
        }
        int full = model.live();
        for (int i = 0; i < full / 2; i++) {
            model.freeRandom();
        }
        assertThat(model.allocate(1000)).isTrue();
        model.checkAll();
        model.freeAll();
        assertThat(arena.statistics().framesInUse()).isEqualTo(emptyFrames);
    }

    @Test
    void shouldAllocateNothingOnTheHeap() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] handles = new long[4096];
        churn(handles, 20);
        long before = threads.getCurrentThreadAllocatedBytes();
        long none = threads.getCurrentThreadAllocatedBytes() - before;
        before = threads.getCurrentThreadAllocatedBytes();
        churn(handles, 20);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isEqualTo(none);
    }

    private void churn(long[] handles, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < handles.length; i++) {
                handles[i] = allocator.allocate(1 + (i * 31 + round * 57) % Allocator.MAX_OBJECT_BYTES);
            }
            for (int i = 0; i < handles.length; i++) {
                allocator.free(handles[(i * 5) % handles.length]);
            }
        }
    }

    @Test
    void shouldServeSeveralThreadsAtOnce() throws Exception {
        int threads = 4;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<Void>> results = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            results.add(executor.submit(churnOnItsOwn(SEED + i)));
        }
        for (Future<Void> result : results) {
            result.get();
        }
        executor.shutdown();
        assertThat(arena.statistics().framesInUse()).isEqualTo(emptyFrames);
        assertThat(arena.statistics().badFrees()).isZero();
    }

    private Callable<Void> churnOnItsOwn(long seed) {
        return () -> {
            ObjectModel model = new ObjectModel(allocator, arena, seed, 3000);
            for (int i = 0; i < 200_000; i++) {
                if (model.live() == 0 || (!model.isFull() && model.randomBelow(100) < 55)) {
                    assertThat(model.allocate(1 + model.randomBelow(3000))).isTrue();
                } else {
                    model.freeRandom();
                }
            }
            model.freeAll();
            return null;
        };
    }

    @Test
    void shouldLetOneThreadFreeWhatAnotherAllocated() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        HandOver handOver = new HandOver(allocator, arena, 1024);
        Future<Integer> produced = executor.submit(() -> handOver.produce(200_000, SEED));
        Future<Integer> consumed = executor.submit(() -> handOver.consume(200_000));
        assertThat(consumed.get()).isEqualTo(produced.get());
        executor.shutdown();
        assertThat(arena.statistics().framesInUse()).isEqualTo(emptyFrames);
    }

    @Test
    void shouldCountAndVisitItsObjects() {
        ObjectModel model = new ObjectModel(allocator, arena, SEED, 5000);
        while (!model.isFull()) {
            model.allocate(1 + model.randomBelow(Allocator.MAX_OBJECT_BYTES));
        }
        for (int i = 0; i < 1500; i++) {
            model.freeRandom();
        }
        List<Long> visited = new ArrayList<>();
        allocator.forEachObject(visited::add);
        assertThat(visited).containsExactlyInAnyOrderElementsOf(model.handles());
        AllocatorStatistics statistics = allocator.statistics();
        assertThat(statistics.objects()).isEqualTo(3500);
        assertThat(statistics.objectBytes())
                .isEqualTo(model.handles().stream().mapToLong(allocator::size).sum());
        assertThat(statistics.heldBytes())
                .isEqualTo(arena.statistics().framesInUse() * Arena.FRAME_BYTES)
                .isGreaterThanOrEqualTo(statistics.objectBytes());
    }

    @Test
    void shouldGiveMemoryBackByCompaction() {
        int slots = 16_000;
        SlotTable objects = newTable(slots);
        for (int slot = 0; slot < slots; slot++) {
            objects.put(slot, 8 + (slot * 7919) % 3000);
        }
        for (int slot = 0; slot < slots; slot++) {
            if (slot * 31 % 10 != 0) {
                objects.drop(slot);
            }
        }
        long before = arena.usedBytes();
        long moved = 0;
        for (long now = -1; now != 0; moved += now) {
            now = allocator.compact(objects, 64 << 10);
            assertThat(now).isLessThan(256 << 10);
        }
        objects.checkAll();
        assertThat(allocator.statistics().movedBytes()).isEqualTo(moved);
        if (isCompacting()) {
            assertThat(moved).isPositive();
            // Classes and stripes that are not full weigh in a pool as small as this one.
            assertThat(arena.usedBytes()).isLessThan(before / 2);
            assertThat(allocator.statistics().heldBytes()).isLessThan(objects.liveBytes() * 13 / 10 + (3 << 20));
        } else {
            assertThat(moved).isZero();
        }
        objects.dropAll();
        assertThat(arena.statistics().framesInUse()).isEqualTo(emptyFrames);
    }

    @Test
    void shouldReturnMemoryToTheKernelAsSeenInTheProcess() throws InterruptedException {
        ObjectModel model = new ObjectModel(allocator, arena, SEED, 1 << 20);
        long empty = MappedMemory.residentBytes(ARENA_NAME);
        for (long bytes = 0; bytes < FILL_BYTES; ) {
            int size = 1 + model.randomBelow(3000);
            assertThat(model.allocate(size)).isTrue();
            bytes += size;
        }
        assertThat(MappedMemory.residentBytes(ARENA_NAME)).isGreaterThan(FILL_BYTES);
        model.freeAll();
        // The refiller keeps half of the reserve more than it was asked for, and metadata for the chunks there were.
        Await.until("memory returns", () -> MappedMemory.residentBytes(ARENA_NAME) < empty + RESERVE_BYTES);
    }

    @Test
    void shouldEndCompactionWhereObjectsFitBadlyWhateverIsMoved() {
        int slots = 6000;
        SlotTable objects = newTable(slots);
        for (int slot = 0; slot < slots; slot++) {
            objects.put(slot, 3000);
        }
        for (int slot = 0; slot < slots; slot += 3) {
            objects.drop(slot);
        }
        long moved = 0;
        for (long now = -1; now != 0; moved += now) {
            now = allocator.compact(objects, 1 << 20);
            assertThat(moved).isLessThan(6 * objects.liveBytes());
        }
        objects.checkAll();
    }

    @Test
    void shouldLeaveObjectsWhereTheyAreWhoseOwnerSaysNo() {
        int slots = 8000;
        SlotTable objects = newTable(slots);
        for (int slot = 0; slot < slots; slot++) {
            objects.put(slot, 8 + (slot * 7919) % 3000);
        }
        for (int slot = 0; slot < slots; slot++) {
            if (slot % 3 != 0) {
                objects.drop(slot);
            }
        }
        MoveListener no = new MoveListener() {
            @Override
            public boolean tryBegin(long handle) {
                return false;
            }

            @Override
            public void moved(long from, long to) {
                throw new AssertionError("moved " + from);
            }
        };
        assertThat(allocator.compact(no, Long.MAX_VALUE)).isZero();
        assertThat(allocator.statistics().vetoes() > 0).isEqualTo(isCompacting());
        objects.checkAll();
        objects.dropAll();
        assertThat(arena.statistics().framesInUse()).isEqualTo(emptyFrames);
    }

    @Test
    void shouldMoveObjectsWhileOthersUseThem() throws Exception {
        SlotTable objects = newTable(6000);
        ExecutorService executor = Executors.newFixedThreadPool(3);
        List<Future<?>> users = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            long seed = SEED + i;
            users.add(executor.submit(() -> {
                objects.useRandomly(100_000, seed, 80);
                objects.useRandomly(100_000, seed + 50, 20);
                objects.useRandomly(100_000, seed + 90, 50);
            }));
        }
        Future<Long> compaction = executor.submit(() -> compactWhileUsed(objects, users));
        for (Future<?> user : users) {
            user.get();
        }
        assertThat(compaction.get() > 0).isEqualTo(isCompacting());
        executor.shutdown();
        objects.checkAll();
        objects.dropAll();
        assertThat(arena.statistics().framesInUse()).isEqualTo(emptyFrames);
        assertThat(arena.statistics().badFrees()).isZero();
    }

    private long compactWhileUsed(SlotTable table, List<Future<?>> users) {
        long moved = 0;
        while (!users.stream().allMatch(Future::isDone)) {
            moved += allocator.compact(table, 1 << 20);
        }
        return moved;
    }
}

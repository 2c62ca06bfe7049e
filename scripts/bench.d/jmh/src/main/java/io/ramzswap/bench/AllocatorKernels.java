package io.ramzswap.bench;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One object freed and one of another size allocated, in a pool that is full of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AllocatorKernels {
    private static final long LIMIT_BYTES = 128L << 20;
    private static final int LIVE = 1 << 15;
    private static final int WARM = 64;
    private static final int SEED = 2009;

    /** Which one. */
    @Param({"SEGMENT", "ZSMALLOC", "XVMALLOC", "ZBUD"})
    public AllocatorKind kind;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final long[] handles = new long[LIVE];
    private Arena arena;
    private Allocator allocator;
    private int turn;

    /** Fills the pool with objects of 200 to 3,080 bytes. */
    @Setup
    public void setUp() {
        arena = Arena.create(ArenaOptions.ofLimit(LIMIT_BYTES));
        allocator = kind.create(arena, 0);
        for (int i = 0; i < LIVE; i++) {
            handles[i] = allocator.allocate(size());
        }
    }

    /** Gives the memory back. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    private int size() {
        return random.nextInt(200, 3081);
    }

    private long exchange(int index) {
        if (handles[index] != Allocator.NONE) {
            allocator.free(handles[index]);
        }
        handles[index] = allocator.allocate(size());
        return handles[index];
    }

    /** Objects that were allocated just before. */
    @Benchmark
    public long exchangeOfWarmObject() {
        turn = (turn + 1) % WARM;
        return exchange(turn);
    }

    /** Random ones of all. */
    @Benchmark
    public long exchangeOfColdObject() {
        return exchange(random.nextInt(LIVE));
    }
}

package io.ramzswap.allocator.bench;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Measures one allocator on one workload, in a JVM of its own so that its calls are compiled as the daemon's would be:
 * {@code AllocatorBench ALLOCATOR WORKLOAD MIB}. Prints {@code key<TAB>value} lines.
 */
public final class AllocatorBench {
    private static final double[] ROUND_FACTORS = {0.9, 1.1, 0.8, 1.2, 1.0, 0.7, 1.1, 0.9, 1.2, 1.0};
    private static final double CHURN_SHARE = 0.6;
    private static final double SHRINK_SHARE = 0.9;
    private static final long WARM_UP_BYTES = 32 << 20;
    private static final int WARM_UPS = 10;
    private static final int BATCH = 64;
    private static final int SAMPLES = 5_000;
    private static final int ROUNDS = 15;
    private static final int EXCHANGES = 300_000;
    /** What is moved in less is not worth a rate. */
    private static final double LEAST_MOVED_MB = 1;

    private final Arena arena;
    private final Allocator allocator;
    private final SizeSource source;
    private final long bytes;
    private final long controlBytes;

    private AllocatorBench(AllocatorKind kind, SizeSource source, long bytes) {
        this.arena = Arena.create(
                ArenaOptions.ofLimit(4 * bytes).withReserveBytes(64 << 20).withRefillWait(Duration.ofMinutes(1)));
        this.allocator = kind.create(arena, 0);
        this.controlBytes = allocator.statistics().heldBytes();
        this.source = source;
        this.bytes = bytes;
    }

    /** See the class. */
    public static void main(String[] args) throws Exception {
        AllocatorKind kind = AllocatorKind.of(args[0])
                .orElseThrow(() -> new IllegalArgumentException("allocators are " + AllocatorKind.labels()));
        SizeSource source = SizeSource.of(args[1]);
        AllocatorBench bench = new AllocatorBench(kind, source, WARM_UP_BYTES);
        bench.warmUp();
        bench.arena.close();
        bench = new AllocatorBench(kind, source, Long.parseLong(args[2]) << 20);
        bench.space();
        bench.arena.close();
        bench = new AllocatorBench(kind, source, Long.parseLong(args[2]) << 20);
        bench.speed();
        bench.arena.close();
    }

    private static void print(String key, double value) {
        System.out.printf(Locale.ROOT, "%s\t%.4f%n", key, value);
    }

    /** Compaction moves what it has to in some milliseconds: without this it would be over before its code is compiled. */
    private void warmUp() {
        for (int i = 0; i < WARM_UPS; i++) {
            Owner owner = newOwner(10 + i);
            owner.fill(bytes);
            owner.drop(SHRINK_SHARE);
            compact(owner);
            owner.drop(1);
        }
    }

    private long compact(Owner owner) {
        long moved = 0;
        for (long now = -1; now != 0; moved += now) {
            now = allocator.compact(owner, 16 << 20);
        }
        return moved;
    }

    private double overhead(Owner owner) {
        return (double) arena.usedBytes() / owner.liveBytes();
    }

    private void space() {
        Owner owner = newOwner(1);
        owner.fill(bytes);
        print("fresh", overhead(owner));
        print("metadata_percent", metadataPercent());
        for (double factor : ROUND_FACTORS) {
            owner.drop(CHURN_SHARE);
            owner.refill(bytes, factor);
        }
        print("churn_uncompacted", overhead(owner));
        compact(owner, "churn_compaction");
        print("churn", overhead(owner));
        owner.drop(SHRINK_SHARE);
        print("shrink_uncompacted", overhead(owner));
        compact(owner, "shrink_compaction");
        print("shrink", overhead(owner));
    }

    private double metadataPercent() {
        long controlAndArena = arena.statistics().metadataBytes() + controlBytes;
        return 100.0 * controlAndArena / arena.usedBytes();
    }

    private void compact(Owner owner, String key) {
        long start = cpuNanos();
        long moved = compact(owner);
        double seconds = (cpuNanos() - start) / 1e9;
        print(key + "_moved_mb", moved / 1e6);
        if (moved / 1e6 >= LEAST_MOVED_MB) {
            print(key + "_mb_per_s", moved / 1e6 / seconds);
        }
    }

    private Owner newOwner(long seed) {
        return new Owner(allocator, arena, source, (int) Math.min(20_000_000, bytes / 20), seed);
    }

    private void speed() throws Exception {
        Owner one = newOwner(2);
        one.fill(bytes / 2);
        Owner two = newOwner(3);
        two.fill(bytes / 2);
        one.exchange(EXCHANGES);
        two.exchange(EXCHANGES);
        print("pair_ns_cold_median", median(one, false));
        print("pair_ns_warm_median", median(one, true));
        print("cold_read_ns_median", medianRead(one));
        scaling(one, two);
        one.drop(0.4);
        stops("quiet", one, false);
        stops("compacting", one, true);
    }

    /** Two threads beside one: each with objects that it has allocated itself, and then with the other's by turns. */
    private static void scaling(Owner one, Owner two) throws Exception {
        ExecutorService first = Executors.newSingleThreadExecutor();
        ExecutorService second = Executors.newSingleThreadExecutor();
        try {
            print("two_over_one", medianScaling(first, one, second, two, false));
            print("two_over_one_by_turns", medianScaling(first, one, second, two, true));
        } finally {
            first.shutdown();
            second.shutdown();
        }
    }

    /** The median of rounds, each of one thread and then of two: other programs slow down both alike. */
    private static double medianScaling(
            ExecutorService first, Owner one, ExecutorService second, Owner two, boolean byTurns) throws Exception {
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            boolean swapped = byTurns && i % 2 != 0;
            Owner ofFirst = swapped ? two : one;
            Owner ofSecond = swapped ? one : two;
            double single = exchanges(first, ofFirst).get();
            Future<Double> beside = exchanges(first, ofFirst);
            ratios[i] = (exchanges(second, ofSecond).get() + beside.get()) / single;
        }
        Arrays.sort(ratios);
        return ratios[ROUNDS / 2];
    }

    /** Of the time that an allocate and a free take. */
    private static double median(Owner owner, boolean warm) {
        long[] nanos = new long[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            nanos[i] = owner.exchangeBatch(BATCH, warm);
        }
        Arrays.sort(nanos);
        return nanos[SAMPLES / 2] / (double) BATCH;
    }

    /** Of the time that it takes to read one word of an object: what a cold pair can be judged by. */
    private static double medianRead(Owner owner) {
        long[] nanos = new long[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            nanos[i] = owner.readBatch(BATCH);
        }
        Arrays.sort(nanos);
        return nanos[SAMPLES / 2] / (double) BATCH;
    }

    /** Other programs on the machine do not count. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** The exchanges a second of a thread, by the processor time they take: as if it had a processor of its own. */
    private static Future<Double> exchanges(ExecutorService thread, Owner owner) {
        return thread.submit(() -> {
            long start = cpuNanos();
            owner.exchange(EXCHANGES);
            return EXCHANGES / ((cpuNanos() - start) / 1e9);
        });
    }

    /** How long single exchanges take at most, with and without a compaction going on. */
    private void stops(String key, Owner owner, boolean compacting) throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean(!compacting);
        Thread compactor = new Thread(() -> {
            while (!done.get()) {
                allocator.compact(owner, 1 << 20);
            }
        });
        compactor.start();
        long[] nanos = new long[2 * EXCHANGES];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            owner.exchange(1);
            nanos[i] = System.nanoTime() - start;
        }
        done.set(true);
        compactor.join();
        Arrays.sort(nanos);
        print(key + "_us_p99.9", nanos[(int) (nanos.length * 0.999)] / 1e3);
        print(key + "_us_p99.99", nanos[(int) (nanos.length * 0.9999)] / 1e3);
        print(key + "_us_max", nanos[nanos.length - 1] / 1e3);
    }
}

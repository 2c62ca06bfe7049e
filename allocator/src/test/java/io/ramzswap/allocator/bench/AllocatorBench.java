package io.ramzswap.allocator.bench;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.DoubleAdder;

/**
 * Measures one allocator on one workload, in a JVM of its own so that its calls are compiled as the daemon's would be:
 * {@code AllocatorBench ALLOCATOR WORKLOAD MIB}. Prints {@code key<TAB>value} lines.
 */
public final class AllocatorBench {
    private static final double[] ROUND_FACTORS = {0.9, 1.1, 0.8, 1.2, 1.0, 0.7, 1.1, 0.9, 1.2, 1.0};
    private static final double CHURN_SHARE = 0.6;
    private static final double SHRINK_SHARE = 0.9;
    private static final int BATCH = 64;
    private static final int SAMPLES = 20_000;

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
        AllocatorBench bench = new AllocatorBench(kind, source, Long.parseLong(args[2]) << 20);
        bench.space();
        bench.arena.close();
        bench = new AllocatorBench(kind, source, Long.parseLong(args[2]) << 20);
        bench.speed();
        bench.arena.close();
    }

    private static void print(String key, double value) {
        System.out.printf("%s\t%.4f%n", key, value);
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
        long moved = 0;
        for (long now = -1; now != 0; moved += now) {
            now = allocator.compact(owner, 16 << 20);
        }
        double seconds = (cpuNanos() - start) / 1e9;
        print(key + "_moved_mb", moved / 1e6);
        print(key + "_mb_per_s", moved / 1e6 / seconds);
    }

    private Owner newOwner(long seed) {
        return new Owner(allocator, arena, source, (int) Math.min(20_000_000, bytes / 20), seed);
    }

    private void speed() throws InterruptedException {
        Owner one = newOwner(2);
        one.fill(bytes / 2);
        Owner two = newOwner(3);
        two.fill(bytes / 2);
        one.exchange(1_000_000);
        two.exchange(1_000_000);
        print("pair_ns_cold_median", median(one, false));
        print("pair_ns_hot_median", median(one, true));
        double single = 0;
        double pair = 0;
        for (int i = 0; i < 3; i++) {
            single = Math.max(single, pairsPerSecond(one));
            pair = Math.max(pair, pairsPerSecond(one, two));
        }
        print("pairs_per_s_one", single);
        print("pairs_per_s_two", pair);
        print("two_over_one", pair / single);
        one.drop(0.4);
        stops("quiet", one, false);
        stops("compacting", one, true);
    }

    /** Of the time that an allocate and a free take. */
    private static double median(Owner owner, boolean hot) {
        long[] nanos = new long[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            nanos[i] = owner.exchangeBatch(BATCH, hot);
        }
        Arrays.sort(nanos);
        return nanos[SAMPLES / 2] / (double) BATCH;
    }

    /** Other programs on the machine do not count. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** The rates of all threads together, each by the processor time it took: as if it had a processor of its own. */
    private static double pairsPerSecond(Owner... owners) throws InterruptedException {
        int times = 1_000_000;
        DoubleAdder rate = new DoubleAdder();
        CountDownLatch ready = new CountDownLatch(owners.length);
        CountDownLatch go = new CountDownLatch(1);
        Thread[] threads = new Thread[owners.length];
        for (int i = 0; i < owners.length; i++) {
            Owner owner = owners[i];
            threads[i] = new Thread(() -> {
                ready.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                long start = cpuNanos();
                owner.exchange(times);
                rate.add(times / ((cpuNanos() - start) / 1e9));
            });
            threads[i].start();
        }
        ready.await();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return rate.sum();
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
        long[] nanos = new long[1_000_000];
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

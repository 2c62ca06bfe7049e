package io.ramzswap.bench;

import static io.ramzswap.bench.Pages.PAGE;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.Tier;
import io.ramzswap.tier.TierSession;
import io.ramzswap.zcache.CompressedStore;
import java.nio.ByteBuffer;
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

/** A page into the compressed store, in place of another, and out of it: checksum, allocator and compressor together. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StoreKernels {
    private static final long LIMIT_BYTES = 256L << 20;
    private static final int SEED = 2009;

    /** The file with the pages. */
    @Param("")
    public String corpus;

    /** What pages are compressed with. */
    @Param({"LZ4", "ZSTD"})
    public CompressorKind compressor;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
    private Pages pages;
    private Arena arena;
    private TierSession session;
    private long[] words;

    /** Stores all pages. */
    @Setup
    public void setUp() {
        pages = Pages.read(corpus);
        arena = Arena.create(ArenaOptions.ofLimit(LIMIT_BYTES));
        session = new CompressedStore(arena, AllocatorKind.DEFAULT.create(arena, 0), new CompressorChoice(compressor))
                .open();
        words = new long[pages.count()];
        for (int slot = 0; slot < words.length; slot++) {
            words[slot] = store(slot);
        }
    }

    /** Gives the memory back. */
    @TearDown
    public void tearDown() {
        session.close();
        arena.close();
    }

    private long store(int slot) {
        final long word = session.store(slot, pages.memory(), pages.next(), Tier.ANY_BYTES);
        if (word == TierSession.REFUSED) {
            throw new IllegalStateException("the store is full");
        }
        return word;
    }

    /** A write over a random page. */
    @Benchmark
    public long write() {
        final int slot = random.nextInt(words.length);
        session.free(words[slot], slot);
        words[slot] = store(slot);
        return words[slot];
    }

    /** A read of a random page. */
    @Benchmark
    public Outcome read() {
        final int slot = random.nextInt(words.length);
        return session.load(words[slot], slot, page, 0);
    }
}

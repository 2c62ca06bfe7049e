package io.ramzswap.bench;

import static io.ramzswap.bench.Pages.PAGE;

import io.ramzswap.compress.Lz4;
import io.ramzswap.compress.SameFilled;
import java.nio.ByteBuffer;
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

/** What is done with the bytes of a page: the scan for one repeated word, its making, and lz4 both ways. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PageKernels {
    /** The file with the pages. */
    @Param("")
    public String corpus;

    private Pages pages;
    private ByteBuffer zeroes;
    private ByteBuffer page;
    private ByteBuffer compressed;
    private int[] starts;
    private int[] lengths;
    private int turn;
    private Lz4 lz4;

    /** Compresses all pages once, to have what is to be restored. */
    @Setup
    public void setUp() {
        pages = Pages.read(corpus);
        zeroes = ByteBuffer.allocateDirect(PAGE);
        page = ByteBuffer.allocateDirect(PAGE);
        lz4 = new Lz4();
        starts = new int[pages.count()];
        lengths = new int[pages.count()];
        compressed = ByteBuffer.allocateDirect(pages.count() * lz4.maxCompressedLength(PAGE));
        int end = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = end;
            lengths[i] = lz4.compress(pages.memory(), i * PAGE, PAGE, compressed, end);
            end += lengths[i];
        }
    }

    /** Frees what lz4 has. */
    @TearDown
    public void tearDown() {
        lz4.close();
    }

    /** The scan over pages as they come. */
    @Benchmark
    public boolean scanOfRealPage() {
        return SameFilled.isSameFilled(pages.memory(), pages.next(), PAGE);
    }

    /** The scan to the end of a page. */
    @Benchmark
    public boolean scanOfZeroPage() {
        return SameFilled.isSameFilled(zeroes, 0, PAGE);
    }

    /** The making of a same-filled page. */
    @Benchmark
    public ByteBuffer fill() {
        SameFilled.fill(page, 0, PAGE, turn++);
        return page;
    }

    /** Compression alone. */
    @Benchmark
    public int compress() {
        return lz4.compress(pages.memory(), pages.next(), PAGE, compressed, 0);
    }

    /** Decompression alone. */
    @Benchmark
    public int decompress() {
        turn = turn + 1 == starts.length ? 0 : turn + 1;
        return lz4.decompress(compressed, starts[turn], lengths[turn], page, 0, PAGE);
    }
}

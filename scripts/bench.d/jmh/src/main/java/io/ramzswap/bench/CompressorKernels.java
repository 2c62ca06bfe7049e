package io.ramzswap.bench;

import static io.ramzswap.bench.Pages.PAGE;

import io.ramzswap.compress.Compressor;
import io.ramzswap.compress.CompressorKind;
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

/** A page made smaller, and restored. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CompressorKernels {
    /** The file with the pages. */
    @Param("")
    public String corpus;

    /** Which one. */
    @Param({"LZ4", "ZSTD"})
    public CompressorKind kind;

    private final ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
    private Pages pages;
    private Compressor compressor;
    private ByteBuffer scratch;
    private ByteBuffer compressed;
    private int[] starts;
    private int[] lengths;
    private int turn;

    /** Compresses all pages once, to have what is to be restored. */
    @Setup
    public void setUp() {
        pages = Pages.read(corpus);
        compressor = kind.create();
        starts = new int[pages.count()];
        lengths = new int[pages.count()];
        scratch = ByteBuffer.allocateDirect(compressor.maxCompressedLength(PAGE));
        compressed = ByteBuffer.allocateDirect(pages.count() * scratch.capacity());
        int end = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = end;
            lengths[i] = compressor.compress(pages.memory(), i * PAGE, PAGE, compressed, end);
            end += lengths[i];
        }
    }

    /** Frees what the compressor has. */
    @TearDown
    public void tearDown() {
        compressor.close();
    }

    /** One way. */
    @Benchmark
    public int compress() {
        return compressor.compress(pages.memory(), pages.next(), PAGE, scratch, 0);
    }

    /** And back. */
    @Benchmark
    public int decompress() {
        turn = turn + 1 == starts.length ? 0 : turn + 1;
        return compressor.decompress(compressed, starts[turn], lengths[turn], page, 0, PAGE);
    }
}

package io.ramzswap.bench;

import static io.ramzswap.bench.Pages.PAGE;

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

/** What is done with the bytes of a same-filled page: the scan for one repeated word, and its making. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PageKernels {
    /** The file with the pages. */
    @Param("")
    public String corpus;

    private final ByteBuffer zeroes = ByteBuffer.allocateDirect(PAGE);
    private final ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
    private Pages pages;
    private long turn;

    /** Reads the pages. */
    @Setup
    public void setUp() {
        pages = Pages.read(corpus);
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
}

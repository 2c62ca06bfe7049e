package io.ramzswap.analyze;

import java.util.List;

/**
 * The result of an analysis.
 *
 * @param processes those whose memory was looked at
 * @param unreadableProcesses those that may not be looked at
 * @param goneProcesses those that ended meanwhile
 * @param anonymousPages pages of anonymous memory in RAM
 * @param swappedPages pages in swap, which were left there
 * @param examinedPages addresses, in pages, that were looked at to find those
 * @param unvisitedPages pages that were not found: in vast mappings with few of them, on kernels before 6.7
 * @param sampledPages pages that were read
 * @param largestProcessPages those among them of the process with the most of them
 * @param zeroPages those among them of zeroes
 * @param sameFilledPages those among them of one repeated word that is not zero
 * @param duplicatePages those among them, not same-filled, with the content of another; in all of memory there are more
 * @param compressors what each made of the rest
 */
public record Analysis(
        int processes,
        int unreadableProcesses,
        int goneProcesses,
        long anonymousPages,
        long swappedPages,
        long examinedPages,
        long unvisitedPages,
        long sampledPages,
        long largestProcessPages,
        long zeroPages,
        long sameFilledPages,
        long duplicatePages,
        List<CompressorResult> compressors) {
    /** Pages that have to be read at least before they say something of all the others. */
    public static final int LEAST_PAGES = 2000;

    /** Processes that they have to be of at least. */
    public static final int LEAST_PROCESSES = 5;

    /** The largest part of them, in per cent, that may be of one process. */
    public static final int MOST_OF_ONE_PERCENT = 75;

    /** Whether it says something of all the memory of this host: neither small nor one-sided. */
    public boolean isRepresentative() {
        return sampledPages >= LEAST_PAGES
                && processes >= LEAST_PROCESSES
                && 100 * largestProcessPages <= MOST_OF_ONE_PERCENT * sampledPages;
    }

    /** Share of its size that an average page takes in the store, with what the store adds. */
    public double storedShare(CompressorResult compressor) {
        return sampledPages == 0
                ? 1
                : compressor.storedBytes() * StoreOverhead.FACTOR / ((double) sampledPages * ProcessMemory.PAGE_SIZE);
    }

    /**
     * The result of one compressor on the sampled pages that are not same-filled.
     *
     * @param name the compressor's
     * @param pages how many it was given
     * @param storedBytes what the store would keep of them: compressed, or as they are
     * @param incompressiblePages those that are kept as they are
     * @param halvedPages those that shrink to half a page or less
     * @param medianNanos time it took for half of the pages or more
     */
    public record CompressorResult(
            String name, long pages, long storedBytes, long incompressiblePages, long halvedPages, long medianNanos) {}

    /** The memory that the store takes beside compressed bytes. */
    static final class StoreOverhead {
        /** Each compressed page has its slot and a checksum before it. */
        static final int HEADER_BYTES = 8;

        /**
         * Holes between objects, and tables: docs/allocators.md has 1.03 after churn for the default allocator, the README's run
         * 1.042 with the page table of a device that is full.
         */
        static final double FACTOR = 1.05;

        private StoreOverhead() {}
    }
}

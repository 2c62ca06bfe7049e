package io.ramzswap.analyze;

import java.util.List;

/**
 * What was found.
 *
 * @param processes those whose memory was looked at
 * @param unreadableProcesses those that may not be looked at
 * @param goneProcesses those that ended meanwhile
 * @param anonymousPages pages of anonymous memory in RAM
 * @param swappedPages pages in swap, which were left there
 * @param examinedPages addresses, in pages, that were looked at to find those
 * @param unvisitedPages pages that were not found: in vast mappings with few of them, on kernels before 6.7
 * @param sampledPages pages that were read
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
        long zeroPages,
        long sameFilledPages,
        long duplicatePages,
        List<CompressorResult> compressors) {
    /** Share of its size that an average page takes in the store, with what the store adds. */
    public double storedShare(CompressorResult compressor) {
        return sampledPages == 0
                ? 1
                : compressor.storedBytes() * StoreOverhead.FACTOR / ((double) sampledPages * ProcessMemory.PAGE_SIZE);
    }
}

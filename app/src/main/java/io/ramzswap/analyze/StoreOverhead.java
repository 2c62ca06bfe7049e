package io.ramzswap.analyze;

/** The memory that the store takes beside compressed bytes. */
final class StoreOverhead {
    /** Each compressed page has its slot and a checksum before it. */
    static final int HEADER_BYTES = 8;

    /**
     * Holes between objects, and tables: docs/allocators.md has 1.03 after churn for the default allocator, the README's run
     * 1.042 with the page table of a device that is full.
     */
    static final double FACTOR = 1.05;

    private StoreOverhead() {}
}

package io.ramzswap.device;

/** What a session counts. */
enum Counter {
    NUM_READS(0),
    NUM_WRITES(1),
    FAILED_READS(2),
    FAILED_WRITES(3),
    INVALID_IO(4),
    NOTIFY_FREE(5),
    CORRUPT_PAGES(6),
    FILLED_PAGES(7),
    STORED_PAGES(8),
    GOOD_COMPRESS_PAGES(9),
    RAW_PAGES(10),
    COMPRESSED_BYTES(11),
    BACKING_READS(12),
    BACKING_WRITES(13),
    BACKING_FAILED_READS(14),
    BACKING_FAILED_WRITES(15),
    BACKING_CORRUPT_READS(16),
    BACKED_PAGES(17),
    EVENT_FREE(18),
    BACKED_BYTES(19),
    WRITTEN_BACK(20),
    BROUGHT_BACK(21);

    static final int COUNT = values().length;

    /** Where it stands in {@link Counters}. */
    final int index;

    Counter(int index) {
        this.index = index;
    }
}

package io.ramzswap.allocator.bench;

/** A row of the table: the key that {@link AllocatorBench} prints, what it means, and what the default is to reach. */
enum Figure {
    FRESH("fresh", "fresh fill: used / asked for", "≤ 1.03, xvmalloc ≤ 1.12", 3),
    CHURN_UNCOMPACTED("churn_uncompacted", "ten rounds of churn", "", 3),
    CHURN("churn", "ten rounds of churn, compacted", "≤ 1.06", 3),
    SHRINK_UNCOMPACTED("shrink_uncompacted", "90 % freed: used / what is left", "", 3),
    SHRINK("shrink", "90 % freed, compacted", "≤ 1.15", 3),
    METADATA("metadata_percent", "metadata outside objects, % of used", "≤ 0.5", 3),
    WARM("pair_ns_warm_median", "allocate + free, objects used just before, ns median", "≤ 150", 0),
    COLD("pair_ns_cold_median", "allocate + free, random objects of all, ns median", "", 0),
    COLD_READ("cold_read_ns_median", "beside it: one read of a random object, ns median", "", 0),
    TWO_THREADS("two_over_one", "two threads / one", "≥ 1.7", 2),
    TWO_THREADS_BY_TURNS("two_over_one_by_turns", "two threads / one, with the other's objects by turns", "", 2),
    CHURN_RATE("churn_compaction_mb_per_s", "compaction after churn, MB/s of processor time", "≥ 500", 0),
    SHRINK_RATE("shrink_compaction_mb_per_s", "compaction after freeing, MB/s of processor time", "≥ 500", 0),
    QUIET("quiet_us_p99.9", "one exchange, µs p99.9", "", 1),
    STOP("compacting_us_p99.9", "one exchange while compacting, µs p99.9", "≤ 50", 1),
    STOP_LONGEST("compacting_us_p99.99", "one exchange while compacting, µs p99.99", "", 1);

    final String key;
    final String title;
    final String toReach;
    final int digits;

    Figure(String key, String title, String toReach, int digits) {
        this.key = key;
        this.title = title;
        this.toReach = toReach;
        this.digits = digits;
    }
}

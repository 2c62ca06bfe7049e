package io.ramzswap.notify;

/** The ways in which a slot-freeing function is told the first of the slots. */
enum SlotForm {
    /** The slot's number. */
    NUMBER,
    /** A {@code swp_entry_t}, which has the swap area's number in its upper bits. */
    ENTRY,
    /** A {@code swp_entry_t} and nothing else: of one slot, in an area that only the kernel's array of areas leads to. */
    LONE_ENTRY,
    /** The slot's place in its cluster, beside a pointer to the {@code struct swap_cluster_info}. */
    IN_CLUSTER
}

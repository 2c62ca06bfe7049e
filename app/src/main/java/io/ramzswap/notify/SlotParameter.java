package io.ramzswap.notify;

import java.util.List;
import java.util.Set;

/**
 * The ways in which Linux's slot-freeing functions (mm/swapfile.c) have named the first of the freed slots. All but the last
 * take the device's {@code struct swap_info_struct *} as well, and the number of slots as an {@code unsigned int}.
 *
 * <pre>
 *   4.20 .. 6.9    swap_range_free(si, offset, nr_entries)        later too, where it is not inlined
 *   6.10 .. 6.13   swap_entry_range_free(si, entry, nr_pages)
 *   6.14 .. 6.15   swap_entry_range_free(si, ci, entry, nr_pages)
 *   6.16 .. 6.19   swap_entries_free(si, ci, entry, nr_pages)       its first slot is called start, too
 *   7.0            swap_entries_free(si, ci, offset, nr_pages)
 *   7.1 ..         __swap_cluster_free_entries(si, ci, ci_start, nr_pages)
 *   6.8 ..         zswap_invalidate(swp): called by the above for each slot, where zswap is built in
 * </pre>
 *
 * @param function the function
 * @param name the parameter
 * @param types its type in C, one of these
 * @param form what it says
 */
record SlotParameter(String function, String name, Set<String> types, SlotForm form) {
    private static final Set<String> OFFSET = Set.of("long unsigned int", "unsigned long");
    private static final Set<String> ENTRY = Set.of("swp_entry_t");
    private static final Set<String> PLACE = Set.of("unsigned int");

    /** All that are known, the best first. */
    static final List<SlotParameter> KNOWN = List.of(
            new SlotParameter("swap_range_free", "offset", OFFSET, SlotForm.NUMBER),
            new SlotParameter("swap_entry_range_free", "entry", ENTRY, SlotForm.ENTRY),
            new SlotParameter("swap_entries_free", "entry", ENTRY, SlotForm.ENTRY),
            new SlotParameter("swap_entries_free", "start", OFFSET, SlotForm.NUMBER),
            new SlotParameter("swap_entries_free", "offset", OFFSET, SlotForm.NUMBER),
            new SlotParameter("__swap_cluster_free_entries", "ci_start", PLACE, SlotForm.IN_CLUSTER),
            new SlotParameter("zswap_invalidate", "swp", ENTRY, SlotForm.LONE_ENTRY));
}

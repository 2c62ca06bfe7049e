package io.ramzswap.notify;

import io.ramzswap.notify.btf.Btf;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where the kernel keeps the clusters of a swap area: one {@code struct swap_cluster_info} after the other. How many slots a
 * cluster has is a macro of the kernel's, SWAPFILE_CLUSTER; the array in {@code struct swap_table} is as long.
 *
 * @param pointer where {@code struct swap_info_struct} points to the first one, in bytes
 * @param bytes the size of each
 * @param slots the slots of each
 */
record SwapClusters(int pointer, int bytes, int slots) {
    /** The type of a pointer to a cluster. */
    static final String POINTER_TYPE = "struct swap_cluster_info *";

    private static final String STRUCTURE = "swap_cluster_info";
    private static final String TABLE = "swap_table";

    /** The names that {@link #of} and {@link SlotFreeFunction} ask for. */
    static final Set<String> NAMES = Set.of(STRUCTURE, "cluster_info", TABLE, "entries");

    /** The clusters as a kernel describes them; absent if it does not, as before 6.18. */
    static Optional<SwapClusters> of(Btf btf) throws IOException {
        OptionalInt pointer = btf.memberOffset(SwapInfo.STRUCTURE, "cluster_info", POINTER_TYPE);
        OptionalInt bytes = btf.structureBytes(STRUCTURE);
        OptionalInt slots = btf.arrayLength(TABLE, "entries");
        if (pointer.isEmpty() || bytes.orElse(0) <= 0 || slots.orElse(0) <= 0) {
            return Optional.empty();
        }
        return Optional.of(new SwapClusters(pointer.getAsInt(), bytes.getAsInt(), slots.getAsInt()));
    }
}

package io.ramzswap.notify;

import io.ramzswap.notify.trace.FormatFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads from the record of a {@link SlotFreeFunction}'s call which slot is the first of those freed.
 *
 * <pre>
 *   swp_entry_t:  63..58   57..0          Source: include/linux/swapops.h of Linux, on 64-bit machines
 *               +--------+---------+
 *               | type   | offset  |
 *               +--------+---------+
 *
 *   in a cluster: (cluster - first cluster) / size of a cluster's structure * slots of a cluster + place
 *                 Source: cluster_offset() in mm/swapfile.c of Linux
 * </pre>
 */
final class FirstSlot {
    /** No slot: what the record says cannot be. */
    static final long NONE = -1;

    private static final int TYPE_SHIFT = 58;
    private static final long OFFSET_MASK = (1L << TYPE_SHIFT) - 1;

    private final SlotForm form;
    private final SwapClusters clusters;
    private final int slotAt;
    private final int typeAt;
    private final int clusterAt;
    private final int firstClusterAt;

    /**
     * A reader for records of this format.
     *
     * @throws IOException if the format is not what was asked of the kernel
     */
    FirstSlot(SlotFreeFunction function, FormatFile format) throws IOException {
        form = function.form();
        clusters = function.clusters();
        slotAt = format.offset("slot", form == SlotForm.IN_CLUSTER ? Integer.BYTES : Long.BYTES);
        typeAt = format.offset("type", Byte.BYTES);
        clusterAt = form == SlotForm.IN_CLUSTER ? format.offset("cluster", Long.BYTES) : 0;
        firstClusterAt = form == SlotForm.IN_CLUSTER ? format.offset("clusters", Long.BYTES) : 0;
    }

    /** Returns the slot, or {@link #NONE}. */
    long read(ByteBuffer record, int position, int count) {
        if (form == SlotForm.IN_CLUSTER) {
            return inCluster(
                    record.getLong(position + clusterAt) - record.getLong(position + firstClusterAt),
                    record.getInt(position + slotAt),
                    count);
        }
        long slot = record.getLong(position + slotAt);
        if (form == SlotForm.ENTRY || form == SlotForm.LONE_ENTRY) {
            return slot >>> TYPE_SHIFT == record.get(position + typeAt) ? slot & OFFSET_MASK : NONE;
        }
        return slot;
    }

    private long inCluster(long distance, int place, int count) {
        long cluster = distance / clusters.bytes();
        boolean isOne = distance >= 0 && cluster * clusters.bytes() == distance;
        boolean isInside = place >= 0 && count <= clusters.slots() - place;
        return isOne && isInside ? cluster * clusters.slots() + place : NONE;
    }
}

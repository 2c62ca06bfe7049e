package io.ramzswap.allocator;

/**
 * An allocator in figures, each true at some moment during the call.
 *
 * @param objects objects in use
 * @param objectBytes their usable bytes: what was asked for, rounded up as the allocator does
 * @param heldBytes frames held, in bytes: objects, headers, holes and the control area
 * @param movedObjects objects moved by compaction
 * @param movedBytes their bytes
 * @param vetoes moves that the owner refused
 */
public record AllocatorStatistics(
        long objects, long objectBytes, long heldBytes, long movedObjects, long movedBytes, long vetoes) {

    /** The sum of two allocators' or stripes' figures. */
    public AllocatorStatistics plus(AllocatorStatistics other) {
        return new AllocatorStatistics(
                objects + other.objects,
                objectBytes + other.objectBytes,
                heldBytes + other.heldBytes,
                movedObjects + other.movedObjects,
                movedBytes + other.movedBytes,
                vetoes + other.vetoes);
    }
}

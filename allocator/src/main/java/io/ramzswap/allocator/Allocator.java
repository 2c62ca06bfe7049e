package io.ramzswap.allocator;

/**
 * Cuts the frames of an arena into objects of 1 to {@value
 * #MAX_OBJECT_BYTES} bytes.
 *
 * <p>A handle is a position-independent 64-bit value below 2<sup>{@value #HANDLE_BITS}</sup>, so that a page table can
 * pack it beside other fields. An object is contiguous, never crosses a slab of the arena, and stays where it is until
 * it is freed or moved by a compaction that its owner takes part in.
 *
 * <p>All methods may be called from any thread. None allocates heap memory, throws in normal use, or waits for a thread
 * that may block: running out of memory is a value ({@link #NONE}), not an exception. Contents are not synchronised:
 * whoever publishes a handle to another thread publishes the bytes behind it.
 */
public interface Allocator {
    /** Returned by {@link #allocate} when the arena has no frame to give. */
    long NONE = -1;

    /** The largest object, in bytes. */
    int MAX_OBJECT_BYTES = 4096;

    /** Every handle is below two to this power. */
    int HANDLE_BITS = 44;

    /**
     * Makes room for an object. Its bytes are undefined.
     *
     * @param sizeBytes 1 to {@link #MAX_OBJECT_BYTES}
     * @return a handle, or {@link #NONE}
     */
    long allocate(int sizeBytes);

    /** Gives an object back. The handle is dead from here on; frames that become empty return to the arena. */
    void free(long handle);

    /** Where the object's first byte lies: an offset from the start of the arena, in bytes. */
    long offset(long handle);

    /** The bytes usable at {@link #offset}: at least what was asked for. */
    int size(long handle);

    /**
     * Moves objects together so that frames become empty and return to the arena. Meant for a background thread; a second
     * one that calls it meanwhile returns at once. Other threads wait for it no longer than one object takes to move, or
     * than a look at all the blocks of one region takes: some microseconds.
     *
     * @param listener is asked about and told of every move
     * @param mostBytes stop after that many bytes
     * @return the bytes moved; 0 if there was nothing worth moving, or this allocator moves nothing
     */
    long compact(MoveListener listener, long mostBytes);

    /** Calls {@code visitor} for every object; for checks and recovery, while nobody else uses the allocator. */
    void forEachObject(ObjectVisitor visitor);

    /** The allocator in figures. May allocate heap memory. */
    AllocatorStatistics statistics();
}

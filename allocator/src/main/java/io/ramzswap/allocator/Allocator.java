package io.ramzswap.allocator;

import io.ramzswap.allocator.arena.SharedMemory;

/**
 * Cuts the frames of an arena into objects of 1 to {@value
 * #MAX_OBJECT_BYTES} bytes.
 *
 * <p>A handle is a position-independent 64-bit value below 2<sup>{@value #HANDLE_BITS}</sup>, so that a page table can
 * pack it beside other fields. An object is contiguous, never crosses a slab of the arena, and stays where it is until
 * it is freed or moved by a compaction that its owner takes part in.
 *
 * <p>What an allocator keeps in the arena is checked before it is believed: lists, bitmaps and the headers of blocks and frames.
 * What was damaged there, by failing memory, is counted and set apart. So a single flipped bit may cost memory and, where it made
 * a place in use look free, an object; never an exception, an endless loop, or more objects than that.
 *
 * <p>All methods may be called from any thread. None allocates heap memory, throws in normal use, or waits for a thread
 * that may block: running out of memory is a value ({@link #NONE}), not an exception. Contents are not synchronised:
 * whoever publishes a handle to another thread publishes the bytes behind it.
 */
public interface Allocator {
    /** Returned by {@link #allocate} when the arena has no frame to give. */
    long NONE = -1;

    /** The largest object, in bytes. */
    int MAX_OBJECT_BYTES = SharedMemory.PAGE_BYTES;

    /** Every handle is below two to this power: two terabytes, more than the largest arena. */
    int HANDLE_BITS = 41;

    /** Every handle is a multiple of two to this power. */
    int HANDLE_ALIGNMENT_SHIFT = 2;

    /**
     * Makes room for an object. Its bytes are undefined.
     *
     * @param sizeBytes 1 to {@link #MAX_OBJECT_BYTES}
     * @return a handle, or {@link #NONE}
     */
    long allocate(int sizeBytes);

    /**
     * Gives an object back. The handle is dead from here on; frames that become empty return to the arena.
     *
     * @return false, and that is {@linkplain io.ramzswap.allocator.arena.Arena#countDamage counted}, if what the allocator keeps
     *     beside the object was damaged, or there is no object: its memory stays taken
     */
    boolean free(long handle);

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

    /** Called for an object of an allocator. */
    @FunctionalInterface
    interface ObjectVisitor {
        /** An object that is in use. */
        void visit(long handle);
    }
}

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
}

package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;

/**
 * One thread's way of telling whether an object comes back from the disk as it went there: the object of this slot, at this
 * place, of this opening of the segment.
 */
interface ObjectSeal extends AutoCloseable {
    /** What comes on top of an object. */
    int overheadBytes();

    /** Copies an object, and puts behind it what checks it. Answers whether it could be done, which it always can. */
    boolean close(
            long generation, int offset, int slot, AlignedMemory from, int length, AlignedMemory to, int toPosition);

    /** Copies an object to the start of {@code to} if it is what {@link #close(long, int, int, AlignedMemory, int, AlignedMemory, int)} made. */
    boolean open(
            long generation, int offset, int slot, AlignedMemory from, int fromPosition, int length, AlignedMemory to);

    @Override
    void close();
}

package io.ramzswap.nbd;

import java.nio.ByteBuffer;

/**
 * One connection's use of an {@link Export}. Confined to the connection's thread, so an implementation can keep scratch
 * memory in it; different sessions of one export run at the same time.
 *
 * <p>The connection has checked every request before it arrives here: offset and length lie within the export and are
 * multiples of its minimum block size. Buffers are direct; their position and limit are not used and must not be changed.
 *
 * <p>Hot: no method allocates heap memory, throws, logs or waits for a thread that may block. Every result is {@link
 * NbdError#OK} or another constant of {@link NbdError}. What is thrown all the same is a fault of the program, and becomes {@link
 * NbdError#EIO}; the connection goes on.
 */
public interface ExportSession extends AutoCloseable {
    /**
     * Fills {@code destination} from {@code position} with {@code length} bytes of the device.
     *
     * @return on an error, what was written to {@code destination} is undefined
     */
    int read(long offset, int length, ByteBuffer destination, int position);

    /**
     * Stores {@code length} bytes of {@code source} from {@code position}. On {@link NbdError#OK} they can be read back
     * by every session; on an error every block is as it was sent, or cannot be read, but none is as it was before. A long
     * write arrives in several calls, in order, cut at multiples of the minimum block size; after one with an error the rest is
     * {@linkplain #giveUp given up}.
     */
    default int write(long offset, int length, ByteBuffer source, int position) {
        return NbdError.EPERM;
    }

    /** Told of a range that was to be written and will not be, as an error has ended the write: what was there before is stale. */
    default void giveUp(long offset, long length) {}

    /** Tells that the range is no longer needed: it reads as zeroes or as before, and its memory may go. */
    default int trim(long offset, long length) {
        return NbdError.OK;
    }

    /** Makes the range read as zeroes. Asked only where {@link TransmissionFlag#SEND_WRITE_ZEROES} is offered. */
    default int writeZeroes(long offset, long length) {
        return NbdError.EINVAL;
    }

    /** Makes all writes that were answered before it durable, as far as the device promises that at all. */
    default int flush() {
        return NbdError.OK;
    }

    /**
     * Tells the state of the device at {@code offset} and how far it reaches. Used to leave zeroes out of answers and to
     * show a client what the device holds; looking must not change what is thought of as used.
     *
     * @param length how far the answer is wanted, at least 1; a shorter answer is right too, at any block
     * @return an {@link Extent} of 1 to {@code length} bytes, a multiple of the minimum block size
     */
    default long extent(long offset, long length) {
        return Extent.of(Math.min(length, Extent.MAXIMUM_LENGTH & -(1 << 16)), 0, 0);
    }

    /**
     * Gives the session something to run before it waits for a disk or the like: the connection then sends the answers that
     * stand ready. The session may run it in the midst of a read or a write, in its own thread; a session that never waits
     * may forget it.
     *
     * <p>It waits for the client, who may never read: it is run with no lock held that another session needs, or not at all.
     */
    default void beforeWaiting(Runnable task) {}

    /** Told of a request that the connection refused because of its range or alignment. */
    default void invalidRequest() {}

    /** Ends the session. Called once, by the session's thread; must not throw. */
    @Override
    default void close() {}
}

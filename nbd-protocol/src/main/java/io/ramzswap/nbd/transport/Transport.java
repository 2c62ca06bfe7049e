package io.ramzswap.nbd.transport;

import java.nio.ByteBuffer;

/**
 * A byte stream to one client. One thread reads, writes and closes; {@link #shutdown} may be called by any.
 *
 * <p>A stream that has ended or failed stays so: nobody here can mend it, and what was lost is the client's to notice.
 * So there is one sentinel for both, and no exception.
 *
 * <p>Buffers are direct; their position and limit are not used and not changed.
 */
public interface Transport extends AutoCloseable {
    /** The answer of {@link #read} when nothing more will come. */
    int ENDED = -1;

    /**
     * Waits for bytes and stores what has come.
     *
     * @param length at least 1
     * @return 1 to {@code length}, or {@link #ENDED} when the client has closed, the connection broke, it was shut down,
     *     or the deadline has passed
     */
    int read(ByteBuffer buffer, int position, int length);

    /**
     * Sends all bytes, waiting until the system has taken them.
     *
     * @return false when the connection broke, it was shut down, or the deadline has passed
     */
    boolean write(ByteBuffer buffer, int position, int length);

    /**
     * Limits how long reads and writes may take from now on, all of them together.
     *
     * @param millis from now; 0 takes the limit away
     */
    void deadlineAfter(long millis);

    /**
     * Has idle processors kept awake from now on while reads follow one another closely, where the transport can tell that.
     * It has no effect on what is read or written.
     */
    default void keepAwake(CpuLatency latency) {}

    /** Ends the stream both ways and wakes the thread that waits in it. Does nothing after {@link #close}. */
    void shutdown();

    /** Gives the descriptor back. */
    @Override
    void close();
}

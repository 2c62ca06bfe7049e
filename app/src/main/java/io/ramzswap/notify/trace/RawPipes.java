package io.ramzswap.notify.trace;

import io.ramzswap.libc.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** The raw ends of an instance's ring buffers, one for each processor. Reading takes the events out. For one thread. */
public final class RawPipes implements AutoCloseable {
    /** struct pollfd: int fd, short events, short revents. */
    private static final int POLL_FD_BYTES = 8;

    private static final int POLL_EVENTS_AT = 4;

    private final Libc libc;
    private final int[] pipes;
    private final SubBuffer decoder;
    private final ByteBuffer bytes;
    private final long address;
    private final int length;
    private final ByteBuffer waits;
    private final long waitsAddress;
    private long missed;

    /**
     * Opens them.
     *
     * @throws IOException if one cannot be opened; none is open then
     */
    public RawPipes(Libc libc, List<Path> paths, SubBufferLayout layout) throws IOException {
        this.libc = libc;
        this.decoder = new SubBuffer(layout);
        this.length = layout.bytes();
        this.bytes = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        this.address = Libc.address(bytes);
        this.pipes = new int[paths.size()];
        this.waits = ByteBuffer.allocateDirect(pipes.length * POLL_FD_BYTES).order(ByteOrder.nativeOrder());
        this.waitsAddress = Libc.address(waits);
        for (int i = 0; i < pipes.length; i++) {
            pipes[i] = libc.open(paths.get(i).toString(), Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
            if (pipes[i] < 0) {
                closeFirst(i);
                throw new IOException(paths.get(i) + " does not open: " + libc.lastError());
            }
            waits.putInt(i * POLL_FD_BYTES, pipes[i]);
            waits.putShort(i * POLL_FD_BYTES + POLL_EVENTS_AT, Libc.POLLIN);
        }
    }

    /** Returns when one of them fills up, and when the time is over. */
    public void await(int timeoutMillis) {
        libc.poll(waitsAddress, pipes.length, timeoutMillis);
    }

    /** Gives {@code sink} what is there now, without waiting; at most {@code mostSubBuffers} of each processor. */
    public void drain(EventSink sink, int mostSubBuffers) {
        for (int pipe : pipes) {
            int left = mostSubBuffers;
            while (left > 0 && take(pipe, sink)) {
                left--;
            }
        }
    }

    /** Returns whether there was one. */
    private boolean take(int pipe, EventSink sink) {
        long got = libc.read(pipe, address, length);
        if (got <= 0) {
            return false;
        }
        // The kernel hands out whole sub-buffers; a part of one could not be told from a whole one.
        missed = saturatedSum(missed, got == length ? decoder.decode(bytes, sink) : SubBuffer.MISSED_UNKNOWN);
        return true;
    }

    /** Events lost since the last call, or {@link SubBuffer#MISSED_UNKNOWN}. */
    public long takeMissed() {
        long taken = missed;
        missed = 0;
        return taken;
    }

    private static long saturatedSum(long one, long other) {
        return one > SubBuffer.MISSED_UNKNOWN - other ? SubBuffer.MISSED_UNKNOWN : one + other;
    }

    private void closeFirst(int count) {
        for (int i = 0; i < count; i++) {
            libc.close(pipes[i]);
        }
    }

    @Override
    public void close() {
        closeFirst(pipes.length);
    }
}

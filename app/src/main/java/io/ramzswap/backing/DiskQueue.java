package io.ramzswap.backing;

import io.ramzswap.libc.Errno;

/** One thread's requests to a backing swap, one at a time; what comes of them is told to {@link BackingHealth}. */
public final class DiskQueue implements AutoCloseable {
    /** What comes in parts so often does not come. */
    private static final int TRIES = 8;

    private static final long IDLE = 0;

    private final BackingSwap swap;
    private final BlockFile file;
    private final BackingHealth health;
    private volatile long busySince = IDLE;

    DiskQueue(BackingSwap swap, BlockFile file, BackingHealth health) {
        this.swap = swap;
        this.file = file;
        this.health = health;
    }

    /** Reads whole pages, and waits for them. Answers whether all came. */
    public boolean read(AlignedMemory memory, int position, int length, long offset) {
        begin();
        boolean done = transfer(false, memory, position, length, offset);
        end();
        health.read(done);
        return done;
    }

    /** Writes whole pages, and waits until they are taken. If not all were, what is there is undefined. */
    public boolean write(AlignedMemory memory, int position, int length, long offset) {
        begin();
        boolean done = transfer(true, memory, position, length, offset);
        end();
        health.written(done);
        return done;
    }

    /** Begins anew after a part: direct I/O takes no odd rest. */
    private boolean transfer(boolean writing, AlignedMemory memory, int position, int length, long offset) {
        for (int tries = 0; tries < TRIES; tries++) {
            int result = writing
                    ? file.write(memory, position, length, offset)
                    : file.read(memory, position, length, offset);
            if (result == length) {
                return true;
            }
            if (result < 0 && result != -Errno.EINTR) {
                return false;
            }
        }
        return false;
    }

    /** The lowest bit tells a start from {@link #IDLE}. */
    private void begin() {
        busySince = System.nanoTime() | 1;
    }

    private void end() {
        busySince = IDLE;
    }

    /** Whether a request has been waiting for so long. */
    boolean hasWaited(long nanos, long now) {
        long since = busySince;
        return since != IDLE && now - since > nanos;
    }

    @Override
    public void close() {
        swap.close(this);
    }
}

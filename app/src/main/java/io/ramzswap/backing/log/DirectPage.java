package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.tier.TierSession;
import java.util.concurrent.locks.LockSupport;

/**
 * How a connection thread hands a page that memory has no room for to the thread that writes the log, and waits for it. One
 * page at a time.
 */
final class DirectPage {
    private static final int IDLE = 0;
    private static final int WAITING = 1;
    private static final int TAKEN = 2;
    private static final int DONE = 3;

    /** In case of a wake-up that came too early. */
    private static final long NAP_NANOS = 1_000_000;

    private final AlignedMemory object = new AlignedMemory(2);
    private int slot;
    private int length;
    private int compressor;
    private long word;
    private Thread owner;
    private volatile int state = IDLE;

    /** Where the owner puts the object before he offers it. */
    AlignedMemory object() {
        return object;
    }

    int slot() {
        return slot;
    }

    int length() {
        return length;
    }

    int compressor() {
        return compressor;
    }

    /** Offers the object, and waits. Returns its word, or {@link TierSession#REFUSED}, also when the writer has ended. */
    long offer(int itsSlot, int itsLength, int itsCompressor, LogWriter writer) {
        slot = itsSlot;
        length = itsLength;
        compressor = itsCompressor;
        owner = Thread.currentThread();
        state = WAITING;
        while (state != DONE) {
            if (writer.hasEnded()) {
                state = IDLE;
                return TierSession.REFUSED;
            }
            writer.wake();
            LockSupport.parkNanos(this, NAP_NANOS);
        }
        state = IDLE;
        return word;
    }

    /** Whether an object has been offered. It is the writer's until {@link #complete}. */
    boolean take() {
        if (state != WAITING) {
            return false;
        }
        state = TAKEN;
        return true;
    }

    /** Answers the owner. */
    void complete(long answer) {
        word = answer;
        Thread waiting = owner;
        state = DONE;
        LockSupport.unpark(waiting);
    }
}

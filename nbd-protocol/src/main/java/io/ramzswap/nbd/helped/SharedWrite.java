package io.ramzswap.nbd.helped;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/**
 * A write that its connection's thread stores block by block; a helper that comes gets the back half of what is left. Each
 * goes upwards, so that neighbours are stored one after the other, and lie so; who has none left takes the other's last one. Once
 * a block could not be stored, those that are left are given up.
 *
 * <p>Used for one write after the other. What {@link #begin} sets is published to a helper by {@link Helper#offer}.
 */
final class SharedWrite {
    /** Longer than a page takes. */
    private static final int SPINS = 512;

    private static final long NAP_NANOS = 50_000;

    private final int blockBytes;
    private final Halves halves = new Halves();

    private long offset;
    private ByteBuffer source;
    private int position;

    private volatile int error;
    /** The one that the helper was at last, and whether it broke down there. Published by {@link #isHelperDone}. */
    private int helpersBlock;

    private boolean isBroken;
    private volatile boolean isHelperDone;

    SharedWrite(int blockBytes) {
        this.blockBytes = blockBytes;
    }

    void begin(long newOffset, int newLength, ByteBuffer newSource, int newPosition) {
        offset = newOffset;
        source = newSource;
        position = newPosition;
        error = NbdError.OK;
        isHelperDone = false;
        isBroken = false;
        halves.begin(newLength / blockBytes);
    }

    void storeFront(ExportSession session) {
        for (int block = halves.takeFront(); block != Halves.NONE; block = halves.takeFront()) {
            store(session, block * blockBytes);
        }
    }

    void storeBack(ExportSession session) {
        halves.split();
        for (int block = halves.takeBack(); block != Halves.NONE; block = halves.takeBack()) {
            helpersBlock = block;
            store(session, block * blockBytes);
        }
    }

    private void store(ExportSession session, int at) {
        if (error != NbdError.OK) {
            session.giveUp(offset + at, blockBytes);
            return;
        }
        final int result = session.write(offset + at, blockBytes, source, position + at);
        if (result != NbdError.OK) {
            error = result;
        }
    }

    /** By a helper that broke down. */
    void fail() {
        error = NbdError.EIO;
        isBroken = true;
    }

    /** By the helper, which touches nothing of this write any more. */
    void helperIsDone() {
        isHelperDone = true;
    }

    /**
     * Returns when the helper is done, which is at a block: spins first.
     *
     * @param beforeWaiting is run when that was not enough, for the helper may wait for a disk
     */
    void awaitHelper(Runnable beforeWaiting) {
        for (int tries = 0; !isHelperDone; tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
                continue;
            }
            if (tries == SPINS) {
                beforeWaiting.run();
            }
            LockSupport.parkNanos(this, NAP_NANOS);
        }
    }

    /** Returns the outcome, once both are done. Gives up, too, what a helper had begun that broke down. */
    int end(ExportSession session) {
        if (isBroken) {
            session.giveUp(offset + (long) helpersBlock * blockBytes, blockBytes);
        }
        return error;
    }
}

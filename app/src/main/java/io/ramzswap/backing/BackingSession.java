package io.ramzswap.backing;

import io.ramzswap.frontswap.BackendSession;
import io.ramzswap.libc.Errno;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * One thread's use of a {@link BackingSwap}. Reading and writing wait for the disk; one page is under way at a time.
 *
 * <p>What a page has to be stays in memory: its checksum, or how it was encrypted. So a page that the disk lost, mixed up with
 * another or changed is an error when it is read.
 */
public final class BackingSession implements AutoCloseable {
    private static final int PAGE_SIZE = AlignedPage.BYTES;
    /** A page that comes in parts so often does not come. */
    private static final int TRIES = 8;

    private static final long IDLE = 0;

    private final BackingSwap swap;
    private final BlockFile file;
    private final BackingHealth health;
    private final Seal seal;
    private final AlignedPage page = new AlignedPage();
    private volatile long busySince = IDLE;

    /** What came of a read. */
    public enum Outcome {
        /** The page is as it was written. */
        INTACT,
        /** The disk gave other bytes than were written. */
        CORRUPT,
        /** The disk gave none. */
        FAILED
    }

    BackingSession(BackingSwap swap, BlockFile file, BackingHealth health, Seal seal) {
        this.swap = swap;
        this.file = file;
        this.health = health;
        this.seal = seal;
    }

    /**
     * Writes a page to its place. The caller has the slot in flight, so nobody else writes there.
     *
     * @param slot one that is {@linkplain BackingSwap#isForPages for pages}
     * @return the page's word; or {@link BackendSession#REJECTED}, and then what is at its place is undefined
     */
    public long write(int slot, ByteBuffer source, int position) {
        assert BackingSwap.isForPages(slot) : "page " + slot + " is the header's";
        long word = seal.close(slot, source, position, page);
        if (word == BackendSession.REJECTED) {
            return word;
        }
        begin();
        int result = transfer(true, slot);
        end();
        health.written(result == PAGE_SIZE);
        return result == PAGE_SIZE ? word : BackendSession.REJECTED;
    }

    /**
     * Reads a page. What is said of it holds only if the slot still has the same word afterwards: if not, somebody may have
     * written to its place meanwhile.
     *
     * @param word the slot's, ON_DISK
     */
    public Outcome read(long word, int slot, ByteBuffer destination, int position) {
        begin();
        int result = transfer(false, slot);
        end();
        health.read(result == PAGE_SIZE);
        if (result != PAGE_SIZE) {
            return Outcome.FAILED;
        }
        boolean intact = seal.open(word, slot, page, destination, position);
        // What was looked at of the page comes before the caller's second look at its word.
        VarHandle.acquireFence();
        return intact ? Outcome.INTACT : Outcome.CORRUPT;
    }

    /** Begins anew after a part: direct I/O takes no odd rest of a page. */
    private int transfer(boolean writing, int slot) {
        long offset = (long) slot * PAGE_SIZE;
        int result = -Errno.EIO;
        for (int tries = 0; tries < TRIES; tries++) {
            result = writing ? file.write(page, offset) : file.read(page, offset);
            if (result == PAGE_SIZE || (result < 0 && result != -Errno.EINTR)) {
                return result;
            }
        }
        return result;
    }

    /** The lowest bit tells a start from {@link #IDLE}. */
    private void begin() {
        busySince = System.nanoTime() | 1;
    }

    private void end() {
        busySince = IDLE;
    }

    /** Whether a request of this session has been waiting for so long. */
    boolean hasWaited(long nanos, long now) {
        long since = busySince;
        return since != IDLE && now - since > nanos;
    }

    @Override
    public void close() {
        seal.close();
        swap.close(this);
    }
}

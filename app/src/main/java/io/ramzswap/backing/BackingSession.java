package io.ramzswap.backing;

import io.ramzswap.frontswap.BackendSession;
import io.ramzswap.libc.Errno;
import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One thread's use of a {@link BackingSwap}. Reading and writing wait for the disk; one page is under way at a time.
 *
 * <p>The checksum of what is written stays in the page table. So a page that the disk lost, mixed up with another or
 * changed is an error when it is read.
 */
public final class BackingSession implements AutoCloseable {
    private static final int PAGE_SIZE = AlignedPage.BYTES;
    /** A page that comes in parts so often does not come. */
    private static final int TRIES = 8;

    private static final long IDLE = 0;

    private final BackingSwap swap;
    private final BlockFile file;
    private final BackingHealth health;
    private final AlignedPage page = new AlignedPage();
    private final CRC32C checksum = new CRC32C();
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

    BackingSession(BackingSwap swap, BlockFile file, BackingHealth health) {
        this.swap = swap;
        this.file = file;
        this.health = health;
    }

    /**
     * Writes a page to its place. The caller has the slot in flight, so nobody else writes there.
     *
     * @param slot one that is {@linkplain BackingSwap#isForPages for pages}
     * @return the page's word; or {@link BackendSession#REJECTED}, and then what is at its place is undefined
     */
    public long write(int slot, ByteBuffer source, int position) {
        assert BackingSwap.isForPages(slot) : "page " + slot + " is the header's";
        page.bytes().put(0, source, position, PAGE_SIZE);
        int check = checksum();
        begin();
        int result = transfer(true, slot);
        end();
        health.written(result == PAGE_SIZE);
        return result == PAGE_SIZE ? PageWord.onDisk(swap.nextSequence(), check) : BackendSession.REJECTED;
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
        if (checksum() != PageWord.checksum(word)) {
            return Outcome.CORRUPT;
        }
        destination.put(position, page.bytes(), 0, PAGE_SIZE);
        return Outcome.INTACT;
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

    private int checksum() {
        final CRC32C crc = checksum;
        crc.reset();
        crc.update(page.bytes().clear());
        return (int) crc.getValue();
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
        swap.close(this);
    }
}

package io.ramzswap.backing;

import io.ramzswap.backing.cipher.CipherKey;
import io.ramzswap.backing.cipher.CipherUnavailableException;
import io.ramzswap.refusal.Refusal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A swap area on disk, for what a device does not keep in memory. Its header page is left as it is, so that the area can be
 * used again. A {@link BackingStore} says what lies where behind that.
 *
 * <p>Thread-safe. Queues are opened and closed under a lock that nobody holds while waiting for the disk.
 */
public final class BackingSwap implements AutoCloseable {
    private static final int HEADER_SLOT = 0;

    private final Path path;
    private final BlockFile file;
    private final ByteBuffer header;
    private final int slots;
    private final List<String> warnings;
    private final BackingHealth health = new BackingHealth();
    private final BackingOptions options;
    private final Optional<CipherKey> key;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Replaced as a whole, so that it can be read without the lock. */
    private volatile DiskQueue[] queues = {};

    /**
     * Over a file whose header has been checked.
     *
     * @param path for people
     * @param file taken over
     * @param header the area's first page
     * @param slots the pages of the area, the header's included
     * @param options how pages lie there
     * @param warnings lines for the user
     * @throws BackingSwapException if this machine lacks what the options ask for; {@code file} is as it was
     */
    public BackingSwap(
            Path path, BlockFile file, ByteBuffer header, int slots, BackingOptions options, List<String> warnings)
            throws BackingSwapException {
        this.path = path;
        this.file = file;
        this.header = header;
        this.slots = slots;
        this.options = options;
        this.key = key(options);
        this.warnings = List.copyOf(warnings);
    }

    private static Optional<CipherKey> key(BackingOptions options) throws BackingSwapException {
        if (!options.encrypted()) {
            return Optional.empty();
        }
        try {
            return Optional.of(CipherKey.create());
        } catch (CipherUnavailableException e) {
            throw new BackingSwapException(
                    Refusal.LIBRARY_MISSING,
                    e.getMessage() + ", or do without: --backing_encrypt=off leaves on the disk what was in memory",
                    e);
        }
    }

    /** Whether the slot's page may be written: the header's may not. */
    public static boolean isForPages(int slot) {
        return slot != HEADER_SLOT;
    }

    /** What the user called it. */
    public Path path() {
        return path;
    }

    /** The area's size, its header included. */
    public long sizeBytes() {
        return (long) slots * AlignedMemory.PAGE_BYTES;
    }

    /** How pages lie there. */
    public BackingOptions options() {
        return options;
    }

    /** What its pages are encrypted with, if they are. It is gone when this is closed. */
    public Optional<CipherKey> key() {
        return key;
    }

    /** The pages of the area, its header's included. */
    public int slots() {
        return slots;
    }

    /** The area's first page. */
    public ByteBuffer header() {
        return header;
    }

    /** What the user should know of it. */
    public List<String> warnings() {
        return warnings;
    }

    /** A way to the disk for the calling thread. */
    public synchronized DiskQueue openQueue() {
        DiskQueue queue = new DiskQueue(this, file, health);
        List<DiskQueue> all = new ArrayList<>(List.of(queues));
        all.add(queue);
        queues = all.toArray(DiskQueue[]::new);
        return queue;
    }

    synchronized void close(DiskQueue queue) {
        List<DiskQueue> all = new ArrayList<>(List.of(queues));
        all.remove(queue);
        queues = all.toArray(DiskQueue[]::new);
    }

    /**
     * Whether a page that memory could take as well should go to the disk.
     *
     * @param now by {@link System#nanoTime}
     */
    public boolean isWilling(long now) {
        return health.isWorthATry(now) && !isStalled(now);
    }

    /** Nobody is there any more to write to it. */
    public void abandon() {
        health.abandon();
    }

    /** How it is. */
    public BackingState state() {
        return health.state(isStalled(System.nanoTime()));
    }

    private boolean isStalled(long now) {
        for (DiskQueue queue : queues) {
            if (queue.hasWaited(BackingHealth.STALL_NANOS, now)) {
                return true;
            }
        }
        return false;
    }

    /** No session is open any more. What was encrypted can be read by nobody from here on. Does nothing the second time. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            key.ifPresent(CipherKey::close);
            file.close();
        }
    }
}

package io.ramzswap.backing;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A swap area on disk, page n of it at offset n pages, for what a device does not keep in memory. Its header page is left as
 * it is, so that the area can be used again.
 *
 * <p>Thread-safe. Sessions are opened and closed under a lock that nobody holds while waiting for the disk.
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
    private final Sealing sealing;
    /** Replaced as a whole, so that it can be read without the lock. */
    private volatile BackingSession[] sessions = {};

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
        this.sealing = Sealing.of(options, slots);
        this.warnings = List.copyOf(warnings);
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
        return (long) slots * AlignedPage.BYTES;
    }

    /** How pages lie there. */
    public BackingOptions options() {
        return options;
    }

    /** The memory it takes to know what lies there. */
    public long bytes() {
        return sealing.bytes();
    }

    /** The area's first page. */
    public ByteBuffer header() {
        return header;
    }

    /** What the user should know of it. */
    public List<String> warnings() {
        return warnings;
    }

    /** Opens it for the calling thread. */
    public synchronized BackingSession open() {
        BackingSession session = new BackingSession(this, file, health, sealing.open());
        List<BackingSession> all = new ArrayList<>(List.of(sessions));
        all.add(session);
        sessions = all.toArray(BackingSession[]::new);
        return session;
    }

    synchronized void close(BackingSession session) {
        List<BackingSession> all = new ArrayList<>(List.of(sessions));
        all.remove(session);
        sessions = all.toArray(BackingSession[]::new);
    }

    /**
     * Whether a page that memory could take as well should go to the disk.
     *
     * @param now by {@link System#nanoTime}
     */
    public boolean isWilling(long now) {
        return health.isWorthATry(now) && !isStalled(now);
    }

    /** How it is. */
    public BackingState state() {
        return health.state(isStalled(System.nanoTime()));
    }

    private boolean isStalled(long now) {
        for (BackingSession session : sessions) {
            if (session.hasWaited(BackingHealth.STALL_NANOS, now)) {
                return true;
            }
        }
        return false;
    }

    /** No session is open any more. What was encrypted can be read by nobody from here on. */
    @Override
    public void close() {
        sealing.close();
        file.close();
    }
}

package io.ramzswap.nbd.helped;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ForwardingExport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An export whose long writes are carried out by two threads each: the connection's, and a helper, which takes the back half of
 * what is left when it comes.
 *
 * <p>A helper is a thread like a connection's, with a session of its own. It is asked only when it has nothing to do and no
 * more than half of the processors are busy with long writes. Nobody waits until it comes: a write that ends before is done. It
 * is waited for while it is at a block.
 *
 * <p>The blocks of a write are stored in any order; of a write that fails any may be stored, and the others are given up.
 *
 * <p>Thread-safe.
 */
public final class HelpedExport extends ForwardingExport implements AutoCloseable {
    private static final int MOST_HELPERS = 4;

    private final Export export;
    private final int mostHelped;
    private final Helper[] helpers;
    private final AtomicInteger longWrites = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();

    /**
     * Starts the helpers: one for every two processors, no more than {@value #MOST_HELPERS}, none for a single one. If one cannot
     * be started, none is left.
     *
     * @param export what is written to it is cut into its preferred blocks
     * @param processors how many there are to be used
     * @param threads makes the helpers' threads, which must be able to run whenever a connection's is
     */
    public HelpedExport(Export export, int processors, ThreadFactory threads) {
        super(export);
        this.export = export;
        this.mostHelped = processors / 2;
        this.helpers = start(export, Math.min(mostHelped, MOST_HELPERS), threads);
    }

    private static Helper[] start(Export export, int count, ThreadFactory threads) {
        final List<Helper> started = new ArrayList<>();
        try {
            while (started.size() < count) {
                started.add(Helper.start(export.open(), threads));
            }
            return started.toArray(Helper[]::new);
        } finally {
            if (started.size() < count) {
                started.forEach(Helper::stop);
            }
        }
    }

    @Override
    public ExportSession open() {
        return new HelpedSession(export.open(), export.blockSize().preferred(), this);
    }

    /** The number of a long write that begins now: one more than that of the one that began before, of whatever connection. */
    int nextNumber() {
        return begun.incrementAndGet();
    }

    /**
     * Counts a long write, which is to be ended.
     *
     * @param isAlone whether other connections have not written lately; if they have, one is about to go on
     * @return a helper that has been offered a part of it; or null
     */
    Helper beginLongWrite(SharedWrite write, boolean isAlone) {
        final int connections = longWrites.incrementAndGet() + (isAlone ? 0 : 1);
        return connections > mostHelped ? null : offer(write);
    }

    private Helper offer(SharedWrite write) {
        for (Helper helper : helpers) {
            if (helper.offer(write)) {
                return helper;
            }
        }
        return null;
    }

    void endLongWrite() {
        longWrites.decrementAndGet();
    }

    /** Ends the helpers, and returns when their sessions are closed. Sessions of connections go on without help. */
    @Override
    public void close() {
        Arrays.stream(helpers).forEach(Helper::stop);
    }
}

package io.ramzswap.nbd.helped;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ForwardingSession;
import java.nio.ByteBuffer;

/** One connection's. Reads have no help: to restore a page takes a quarter of the time, and waking a helper as long. */
final class HelpedSession extends ForwardingSession {
    /** A shorter write is done before a helper has woken up. */
    private static final int LEAST_BLOCKS = 8;

    private final ExportSession session;
    private final int blockBytes;
    private final HelpedExport helpers;
    private final SharedWrite shared;
    private Runnable beforeWaiting = () -> {};

    HelpedSession(ExportSession session, int blockBytes, HelpedExport helpers) {
        super(session);
        this.session = session;
        this.blockBytes = blockBytes;
        this.helpers = helpers;
        this.shared = new SharedWrite(blockBytes);
    }

    @Override
    public int write(long offset, int length, ByteBuffer source, int position) {
        if (length < LEAST_BLOCKS * blockBytes
                || length > Halves.MOST_BLOCKS * blockBytes
                || (offset | length) % blockBytes != 0) {
            return session.write(offset, length, source, position);
        }
        shared.begin(offset, length, source, position);
        final Helper helper = helpers.beginLongWrite(shared);
        try {
            shared.storeFront(session);
        } finally {
            // Whatever happens, nobody reads from the buffer any more when this returns.
            if (helper != null && !helper.withdraw(shared)) {
                shared.awaitHelper(beforeWaiting);
            }
            helpers.endLongWrite();
        }
        return shared.error();
    }

    @Override
    public void beforeWaiting(Runnable task) {
        beforeWaiting = task;
        session.beforeWaiting(task);
    }
}

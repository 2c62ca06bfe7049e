package io.ramzswap.nbd.helped;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ForwardingSession;
import java.nio.ByteBuffer;

/** One connection's. Reads have no help: to restore a page takes a quarter of the time, and waking a helper as long. */
final class HelpedSession extends ForwardingSession {
    /** A shorter write is done before a helper has woken up. */
    private static final int LEAST_BLOCKS = 8;

    /** Two connections that are both busy begin some writes in a row now and then, but hardly as many. */
    private static final int ALONE_AFTER = 8;

    private final ExportSession session;
    private final int blockBytes;
    private final HelpedExport helpers;
    private final SharedWrite shared;
    private Runnable beforeWaiting = () -> {};
    private int lastNumber;
    private int inARow;

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
        final Helper helper = helpers.beginLongWrite(shared, beginsAlone());
        try {
            shared.storeFront(session);
        } finally {
            // Whatever happens, nobody reads from the buffer any more when this returns.
            if (helper != null && !helper.withdraw(shared)) {
                shared.awaitHelper(beforeWaiting);
            }
            helpers.endLongWrite();
        }
        return shared.end(session);
    }

    /** Numbers the write that begins. Answers whether the last ones before it were this connection's, too. */
    private boolean beginsAlone() {
        final int number = helpers.nextNumber();
        inARow = number == lastNumber + 1 ? Math.min(inARow + 1, ALONE_AFTER) : 0;
        lastNumber = number;
        return inARow == ALONE_AFTER;
    }

    @Override
    public void beforeWaiting(Runnable task) {
        beforeWaiting = task;
        session.beforeWaiting(task);
    }
}

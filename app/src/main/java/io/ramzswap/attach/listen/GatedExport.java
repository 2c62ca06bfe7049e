package io.ramzswap.attach.listen;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ExportUnavailableException;
import io.ramzswap.nbd.ForwardingExport;
import io.ramzswap.nbd.ForwardingSession;

/** An export that counts who uses it, and can be closed to newcomers while nobody does. Thread-safe. */
final class GatedExport extends ForwardingExport {
    private int sessions;
    private boolean closed;

    GatedExport(Export export) {
        super(export);
    }

    /** Closes the gate, unless somebody is inside. Answers how many are; 0 means that it is closed now. */
    synchronized int closeUnlessUsed() {
        closed = sessions == 0;
        return sessions;
    }

    /** Opens the gate again. */
    synchronized void reopen() {
        closed = false;
    }

    @Override
    public synchronized ExportSession open() {
        if (closed) {
            throw new ExportUnavailableException("the device is being reset; try again");
        }
        ExportSession session = super.open();
        sessions++;
        return new CountedSession(session);
    }

    private synchronized void leave() {
        sessions--;
    }

    /** The device's own session; only its end is noticed. */
    private final class CountedSession extends ForwardingSession {
        CountedSession(ExportSession session) {
            super(session);
        }

        @Override
        public void close() {
            super.close();
            leave();
        }
    }
}

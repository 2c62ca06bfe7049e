package io.ramzswap.attach.listen;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ExportUnavailableException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** An export that counts who uses it, and can be closed to newcomers while nobody does. Thread-safe. */
final class GatedExport implements Export {
    private final Export export;
    private int sessions;
    private boolean closed;

    GatedExport(Export export) {
        this.export = export;
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
        ExportSession session = export.open();
        sessions++;
        return new CountedSession(session);
    }

    private synchronized void leave() {
        sessions--;
    }

    @Override
    public String name() {
        return export.name();
    }

    @Override
    public String description() {
        return export.description();
    }

    @Override
    public long sizeBytes() {
        return export.sizeBytes();
    }

    @Override
    public int transmissionFlags() {
        return export.transmissionFlags();
    }

    @Override
    public BlockSize blockSize() {
        return export.blockSize();
    }

    @Override
    public Optional<String> stateContext() {
        return export.stateContext();
    }

    /** The device's own session; only its end is noticed. */
    private final class CountedSession implements ExportSession {
        private final ExportSession session;

        CountedSession(ExportSession session) {
            this.session = session;
        }

        @Override
        public int read(long offset, int length, ByteBuffer destination, int position) {
            return session.read(offset, length, destination, position);
        }

        @Override
        public int write(long offset, int length, ByteBuffer source, int position) {
            return session.write(offset, length, source, position);
        }

        @Override
        public int trim(long offset, long length) {
            return session.trim(offset, length);
        }

        @Override
        public int writeZeroes(long offset, long length) {
            return session.writeZeroes(offset, length);
        }

        @Override
        public int flush() {
            return session.flush();
        }

        @Override
        public long extent(long offset, long length) {
            return session.extent(offset, length);
        }

        @Override
        public void invalidRequest() {
            session.invalidRequest();
        }

        @Override
        public void close() {
            session.close();
            leave();
        }
    }
}

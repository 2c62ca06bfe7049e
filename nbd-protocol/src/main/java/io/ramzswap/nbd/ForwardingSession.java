package io.ramzswap.nbd;

import java.nio.ByteBuffer;

/** Passes everything on to another session; to be extended by one that is different in some respect. Hot. */
public abstract class ForwardingSession implements ExportSession {
    private final ExportSession session;

    /** In front of {@code session}, which is closed with this one. */
    protected ForwardingSession(ExportSession session) {
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
    public void giveUp(long offset, long length) {
        session.giveUp(offset, length);
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
    public void beforeWaiting(Runnable task) {
        session.beforeWaiting(task);
    }

    @Override
    public void invalidRequest() {
        session.invalidRequest();
    }

    @Override
    public void close() {
        session.close();
    }
}

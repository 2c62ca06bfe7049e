package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.ForwardingSession;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.SessionFailure;
import java.nio.ByteBuffer;

/**
 * Makes an I/O error of what a session throws, though it should not throw. The request fails, its payload is consumed, and the
 * connection goes on: to end it would take every other page from a kernel whose swap this is.
 *
 * <p>That is so of errors, too. One that says that memory or stack ran out, or that a page of mapped memory could not be read,
 * casts doubt on this request and not on the next one. The first of a connection is handed to the thread's handler of uncaught
 * exceptions; the others are answered without a word.
 */
final class GuardedSession extends ForwardingSession {
    private static final long LONGEST_EXTENT_BYTES = Extent.MAXIMUM_LENGTH & -(1 << 16);

    private final ExportSession session;
    private boolean isReported;

    GuardedSession(ExportSession session) {
        super(session);
        this.session = session;
    }

    @Override
    public int read(long offset, int length, ByteBuffer destination, int position) {
        try {
            return session.read(offset, length, destination, position);
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    /** Which blocks were written is not known: none of them may be as it was before. */
    @Override
    public int write(long offset, int length, ByteBuffer source, int position) {
        try {
            return session.write(offset, length, source, position);
        } catch (RuntimeException | Error e) {
            int error = failed(e);
            giveUp(offset, length);
            return error;
        }
    }

    @Override
    public void giveUp(long offset, long length) {
        try {
            session.giveUp(offset, length);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public int trim(long offset, long length) {
        try {
            return session.trim(offset, length);
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    @Override
    public int writeZeroes(long offset, long length) {
        try {
            return session.writeZeroes(offset, length);
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    @Override
    public int flush() {
        try {
            return session.flush();
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    /** Reports an unknown range as data, so that a client reads it. */
    @Override
    public long extent(long offset, long length) {
        try {
            return session.extent(offset, length);
        } catch (RuntimeException | Error e) {
            failed(e);
            return Extent.of(Math.min(length, LONGEST_EXTENT_BYTES), 0, 0);
        }
    }

    @Override
    public void invalidRequest() {
        try {
            session.invalidRequest();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private int failed(Throwable failure) {
        if (!isReported) {
            isReported = true;
            SessionFailure.report(failure);
        }
        return NbdError.EIO;
    }
}

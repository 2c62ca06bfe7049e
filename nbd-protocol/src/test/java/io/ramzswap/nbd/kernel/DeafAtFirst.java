package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ForwardingExport;
import io.ramzswap.nbd.ForwardingSession;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An export whose second session answers no read in time, as when the kernel does not read the answers; later ones do. */
final class DeafAtFirst extends ForwardingExport {
    private static final int DEAF_SESSION = 2;
    private static final long TOO_LONG_NANOS = TimeUnit.SECONDS.toNanos(25);

    final AtomicInteger sessions = new AtomicInteger();

    DeafAtFirst(Export export) {
        super(export);
    }

    @Override
    public ExportSession open() {
        final boolean deaf = sessions.incrementAndGet() == DEAF_SESSION;
        return new ForwardingSession(super.open()) {
            @Override
            public int read(long offset, int length, ByteBuffer destination, int position) {
                if (deaf) {
                    LockSupport.parkNanos(TOO_LONG_NANOS);
                }
                return super.read(offset, length, destination, position);
            }
        };
    }
}

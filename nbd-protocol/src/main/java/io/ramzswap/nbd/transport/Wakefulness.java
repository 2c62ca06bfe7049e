package io.ramzswap.nbd.transport;

import io.ramzswap.nbd.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * Wants a {@link CpuLatency} while the requests of one connection follow one another closely, and lets it go when they stop.
 *
 * <ul>
 *   <li>Requests are close when the next is waited for no longer than {@value #SHORT_NANOS} ns.
 *   <li>{@value #ENOUGH} short waits are enough to want it; a long one takes back {@value #LONG_WEIGHS} short ones, and when
 *       none is left, it is let go.
 *   <li>While it is wanted, a read of the socket ends in vain after {@value #SILENCE_MICROS} µs, and it is let go as well; so
 *       a client that says nothing more costs a few milliseconds of it.
 * </ul>
 *
 * <p>Confined to one thread. Allocates nothing once it is there.
 */
final class Wakefulness {
    /** Beyond it, two wake-ups are no great part of a round trip any more. */
    static final long SHORT_NANOS = 200_000;

    static final int ENOUGH = 64;

    static final int LONG_WEIGHS = 8;

    static final long SILENCE_MICROS = 2000;

    private static final int TIMEVAL_LENGTH = 2 * Long.BYTES;

    private final Libc libc;
    private final int fd;
    private final CpuLatency latency;
    /** A struct timeval: seconds, microseconds. */
    private final ByteBuffer timeout = ByteBuffer.allocateDirect(TIMEVAL_LENGTH).order(ByteOrder.nativeOrder());

    private final long timeoutAddress = Libc.address(timeout);
    private int shortWaits;
    private boolean wanted;

    /** Of the connection of this socket. */
    Wakefulness(Libc libc, int fd, CpuLatency latency) {
        this.libc = libc;
        this.fd = fd;
        this.latency = latency;
    }

    /** Whether anything depends on how long waits are. */
    boolean isOfUse() {
        return !latency.isAny();
    }

    /** Takes note of how long the last wait was, that something to read has ended; only where it {@link #isOfUse}. */
    void waited(long nanos) {
        if (nanos > SHORT_NANOS) {
            waitedLong();
        } else if (shortWaits < ENOUGH) {
            waitedShort();
        }
    }

    private void waitedLong() {
        shortWaits -= LONG_WEIGHS;
        if (shortWaits <= 0) {
            fallSilent();
        }
    }

    private void waitedShort() {
        shortWaits++;
        if (shortWaits == ENOUGH && !wanted && endReadsAfter(SILENCE_MICROS)) {
            wanted = true;
            latency.want();
        }
    }

    /** Takes note that a wait ended in vain, or the connection ends. */
    void fallSilent() {
        shortWaits = 0;
        if (wanted) {
            wanted = false;
            latency.letGo();
            endReadsAfter(0);
        }
    }

    private boolean endReadsAfter(long micros) {
        timeout.putLong(0, TimeUnit.MICROSECONDS.toSeconds(micros));
        timeout.putLong(Long.BYTES, micros % TimeUnit.SECONDS.toMicros(1));
        return libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, timeoutAddress, TIMEVAL_LENGTH) == 0;
    }
}

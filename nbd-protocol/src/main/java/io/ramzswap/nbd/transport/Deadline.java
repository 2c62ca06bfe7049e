package io.ramzswap.nbd.transport;

import static io.ramzswap.nbd.libc.Libc.LIBC;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** Until when a descriptor may keep its thread waiting. Confined to one thread. */
final class Deadline {
    /** A struct pollfd: descriptor, wanted events, seen events. */
    private static final int POLLFD_LENGTH = 8;

    private static final int POLLFD_EVENTS = 4;

    private final ByteBuffer pollFd = ByteBuffer.allocateDirect(POLLFD_LENGTH).order(ByteOrder.nativeOrder());
    private final long pollFdAddress = Libc.address(pollFd);
    private boolean set;
    private long nanos;

    boolean isSet() {
        return set;
    }

    /** Sets it, or with 0 takes it away. */
    void after(long millis) {
        set = millis > 0;
        nanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Waits until {@code fd} is ready; false when the deadline passes first. */
    boolean await(int fd, short events) {
        pollFd.putInt(0, fd);
        pollFd.putShort(POLLFD_EVENTS, events);
        while (true) {
            final long remainingNanos = nanos - System.nanoTime();
            if (remainingNanos <= 0) {
                return false;
            }
            final int ready = LIBC.poll(pollFdAddress, 1, (int) TimeUnit.NANOSECONDS.toMillis(remainingNanos) + 1);
            if (ready > 0) {
                return true;
            }
            if (ready < 0 && Libc.lastErrno() != Errno.EINTR) {
                return false;
            }
        }
    }
}

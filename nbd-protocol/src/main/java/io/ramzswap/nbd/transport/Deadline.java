package io.ramzswap.nbd.transport;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.PollSet;
import java.util.concurrent.TimeUnit;

/** Until when a descriptor may keep its thread waiting. Confined to one thread. */
final class Deadline {
    private final Libc libc;
    private final PollSet poll;
    private boolean set;
    private long nanos;

    Deadline(Libc libc) {
        this.libc = libc;
        poll = new PollSet(libc, 1);
    }

    boolean isSet() {
        return set;
    }

    /** Sets it, or with 0 takes it away. */
    void after(long millis) {
        set = millis > 0;
        nanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Sets it to the time of {@code other}, if that is set and earlier. */
    void notAfter(Deadline other) {
        if (other.set && other.nanos - nanos < 0) {
            nanos = other.nanos;
        }
    }

    /** Whether it is set, and over. */
    boolean hasPassed() {
        return set && nanos - System.nanoTime() <= 0;
    }

    /** Waits until {@code fd} is ready; false when the deadline passes first. */
    boolean await(int fd, short events) {
        poll.set(0, fd, events);
        while (true) {
            final long remainingNanos = nanos - System.nanoTime();
            if (remainingNanos <= 0) {
                return false;
            }
            final int ready = poll.await((int) TimeUnit.NANOSECONDS.toMillis(remainingNanos) + 1);
            if (ready > 0) {
                return true;
            }
            if (ready < 0 && libc.errno() != Errno.EINTR) {
                return false;
            }
        }
    }
}

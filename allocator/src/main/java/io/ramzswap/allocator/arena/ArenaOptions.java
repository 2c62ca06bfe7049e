package io.ramzswap.allocator.arena;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * The settings that an arena is made with.
 *
 * @param name shown in /proc/PID/maps
 * @param capacityBytes the address range reserved for frames. It costs no memory before it is used, then 10 bytes a frame;
 *     single frames here and there keep the room between them from runs, so it should be larger than any limit that will be set
 * @param limitBytes the ceiling of {@link Arena#usedBytes}, changeable at run time
 * @param reserveBytes free memory kept populated ahead of need
 * @param refillWait how long an allocation waits at most for the refiller when the reserve is empty
 * @param idleWindow how long free frames beyond the reserve must not have been needed before they are given back
 * @param threadFactory makes the refiller's thread
 */
public record ArenaOptions(
        String name,
        long capacityBytes,
        long limitBytes,
        long reserveBytes,
        Duration refillWait,
        Duration idleWindow,
        ThreadFactory threadFactory) {

    /** With what is noted of its frames it stays below what an {@link io.ramzswap.allocator.Allocator} handle can tell. */
    private static final long MAX_CAPACITY_BYTES = 3L << 39;
    /** The kernel makes a thread that asks for memory wait for up to half a second at a time. */
    private static final Duration DEFAULT_REFILL_WAIT = Duration.ofSeconds(2);
    /** The time for which freed frames stay populated: pages that were swapped in are often swapped out again soon. */
    private static final Duration DEFAULT_IDLE_WINDOW = Duration.ofSeconds(1);

    private static final long DEFAULT_RESERVE_BYTES = 16L << 20;

    /** Checks the bounds. */
    public ArenaOptions {
        if (capacityBytes < ArenaLayout.CHUNK_BYTES || capacityBytes > MAX_CAPACITY_BYTES) {
            throw new IllegalArgumentException("capacity of " + capacityBytes + " bytes is not within "
                    + ArenaLayout.CHUNK_BYTES + " to " + MAX_CAPACITY_BYTES);
        }
        if (limitBytes < 0 || reserveBytes < 0 || refillWait.isNegative() || idleWindow.toNanos() <= 0) {
            throw new IllegalArgumentException("negative limit, reserve or wait, or no window: " + limitBytes + ", "
                    + reserveBytes + ", " + refillWait + ", " + idleWindow);
        }
    }

    /** Defaults for a memory limit: twice as much address range, 16 MiB of reserve, a wait of 2 s, a window of a second. */
    public static ArenaOptions ofLimit(long limitBytes) {
        return new ArenaOptions(
                "ramzswap-arena",
                capacityFor(limitBytes),
                limitBytes,
                DEFAULT_RESERVE_BYTES,
                DEFAULT_REFILL_WAIT,
                DEFAULT_IDLE_WINDOW,
                ArenaOptions::daemonThread);
    }

    /** At most so much that other limits than memory do not count, as long as it is no less than the limit. */
    private static long capacityFor(long limitBytes) {
        long twice = 2 * limitBytes + ArenaLayout.CHUNK_BYTES;
        return Math.max(limitBytes, Math.min(twice, MAX_CAPACITY_BYTES));
    }

    private static Thread daemonThread(Runnable refiller) {
        Thread thread = new Thread(refiller, "arena-refill");
        thread.setDaemon(true);
        return thread;
    }

    /** The same with another name. */
    public ArenaOptions withName(String newName) {
        return new ArenaOptions(
                newName, capacityBytes, limitBytes, reserveBytes, refillWait, idleWindow, threadFactory);
    }

    /** The same with another address range. */
    public ArenaOptions withCapacityBytes(long newCapacityBytes) {
        return new ArenaOptions(
                name, newCapacityBytes, limitBytes, reserveBytes, refillWait, idleWindow, threadFactory);
    }

    /** The same with another reserve. */
    public ArenaOptions withReserveBytes(long newReserveBytes) {
        return new ArenaOptions(
                name, capacityBytes, limitBytes, newReserveBytes, refillWait, idleWindow, threadFactory);
    }

    /** The same with another wait for the refiller. */
    public ArenaOptions withRefillWait(Duration newRefillWait) {
        return new ArenaOptions(
                name, capacityBytes, limitBytes, reserveBytes, newRefillWait, idleWindow, threadFactory);
    }

    /** The same with another time that free frames are kept. */
    public ArenaOptions withIdleWindow(Duration newIdleWindow) {
        return new ArenaOptions(
                name, capacityBytes, limitBytes, reserveBytes, refillWait, newIdleWindow, threadFactory);
    }

    /** The same with another source of the refiller's thread. */
    public ArenaOptions withThreadFactory(ThreadFactory newThreadFactory) {
        return new ArenaOptions(
                name, capacityBytes, limitBytes, reserveBytes, refillWait, idleWindow, newThreadFactory);
    }
}

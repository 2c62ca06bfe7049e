package io.ramzswap.nbd.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The descriptors that a thread waits for: an array of struct pollfd. Confined to one thread. Allocates nothing once it is
 * there. Source: the Linux manual page poll(2).
 *
 * <pre>
 *  0            4        6        8
 * +------------+--------+--------+---
 * | descriptor | wanted |  seen  |  the next one ...
 * +------------+--------+--------+---
 * </pre>
 */
public final class PollSet {
    private static final int ENTRY_LENGTH = 8;
    private static final int WANTED_OFFSET = 4;
    private static final int SEEN_OFFSET = 6;

    private final Libc libc;
    private final int count;
    private final ByteBuffer entries;
    private final long address;

    /** Room for {@code count} descriptors, which are to be {@link #set} before the first {@link #await}. */
    public PollSet(Libc libc, int count) {
        this.libc = libc;
        this.count = count;
        entries = ByteBuffer.allocateDirect(count * ENTRY_LENGTH).order(ByteOrder.nativeOrder());
        address = Libc.address(entries);
    }

    /** Waits for {@code events}, as {@link Libc#POLLIN}, of a descriptor from now on. */
    public void set(int index, int fd, short events) {
        entries.putInt(index * ENTRY_LENGTH, fd);
        entries.putShort(index * ENTRY_LENGTH + WANTED_OFFSET, events);
    }

    /**
     * Waits until one is ready or has failed.
     *
     * @param timeoutMillis -1 for as long as it takes
     * @return how many are, 0 when the time is over, -1 on an error, told by {@link Libc#errno}
     */
    public int await(int timeoutMillis) {
        return libc.poll(address, count, timeoutMillis);
    }

    /** Whether the last {@link #await} has seen anything of a descriptor. */
    public boolean isSeen(int index) {
        return entries.getShort(index * ENTRY_LENGTH + SEEN_OFFSET) != 0;
    }
}

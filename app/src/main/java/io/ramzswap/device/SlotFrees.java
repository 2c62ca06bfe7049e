package io.ramzswap.device;

import java.nio.ByteBuffer;

/**
 * Frees slots of a device that the kernel has said to be dead, as the swap_slot_free_notify of 2009 did, but late: the
 * slot may have been given to another page meanwhile. So only a page that was stored before the slot died goes.
 *
 * <p>For one thread. Allocates nothing, and holds a slot's lock for the exchange of its word only.
 */
public final class SlotFrees implements AutoCloseable {
    /** A stored page went. */
    public static final int FREED = 0;
    /** Nothing was stored there. */
    public static final int EMPTY = 1;
    /** What is stored there may have come after the slot was freed: it stays. */
    public static final int TOO_NEW = 2;
    /** No slot that the kernel gives to pages. */
    public static final int NO_SLOT = 3;

    private final DeviceSession session;
    private final int slots;

    SlotFrees(DeviceSession session, int slots) {
        this.session = session;
        this.slots = slots;
    }

    /**
     * Frees a slot.
     *
     * @param slot the kernel's number; 0 is the swap header
     * @param nanoTime when the kernel freed it, on the clock of {@link System#nanoTime}, or earlier
     * @return one of the results above
     */
    public int free(long slot, long nanoTime) {
        if (slot <= 0 || slot >= slots) {
            return NO_SLOT;
        }
        return session.freeIfStoredBefore((int) slot, nanoTime);
    }

    /**
     * Looks at what a slot holds, without counting as a read.
     *
     * @param page takes the page from position 0; a direct buffer
     * @return whether the device has such a slot and its page could be copied
     */
    public boolean peek(long slot, ByteBuffer page) {
        return slot > 0 && slot < slots && session.peek((int) slot, page);
    }

    @Override
    public void close() {
        session.close();
    }
}

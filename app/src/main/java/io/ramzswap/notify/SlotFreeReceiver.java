package io.ramzswap.notify;

/** Is told of freed slots of one device. */
interface SlotFreeReceiver {
    /**
     * The kernel freed {@code count} slots from {@code slot} on.
     *
     * @param nanoTime not later than it did, on the clock of {@link System#nanoTime}
     */
    void freed(long slot, int count, long nanoTime);
}

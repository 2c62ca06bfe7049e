package io.ramzswap.notify;

import io.ramzswap.device.SlotFrees;

/** Frees in the device what the kernel has freed. For one thread, but its counts can be read by any. */
final class SlotRelease implements SlotFreeEvents.Receiver {
    private final SlotFrees slots;
    private volatile long tooNew;
    private volatile long noSlot;

    SlotRelease(SlotFrees slots) {
        this.slots = slots;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    public void freed(long slot, int count, long nanoTime) {
        for (long end = slot + count; slot < end; slot++) {
            int result = slots.free(slot, nanoTime);
            if (result == SlotFrees.TOO_NEW) {
                tooNew++;
            } else if (result == SlotFrees.NO_SLOT) {
                noSlot++;
            }
        }
    }

    /** Slots left alone because what they hold may be newer than their event. */
    long tooNew() {
        return tooNew;
    }

    /** Slots that the device does not have: never, unless events are misread. */
    long noSlot() {
        return noSlot;
    }
}

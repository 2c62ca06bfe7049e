package io.ramzswap.notify;

/** The state of a notifier. */
public enum NotifyState {
    /** Finding out how this kernel can be watched. */
    STARTING,
    /** Until the device is swap. */
    WAITING,
    /** Seeing whether events name the slots that they should. */
    TESTING,
    /** Freeing what the kernel frees. */
    ACTIVE,
    /** Resting for a while: there were more events than could be read. */
    RESTING,
    /** Not on this kernel, or not wanted, or ended. */
    OFF
}

package io.ramzswap.device;

/** Whether a device lets its users discard pages. */
public enum TrimMode {
    /** It does. */
    OFFERED,
    /** It does not say that it can, and does nothing when told: a page stays until it is written again. */
    IGNORED
}

package io.ramzswap.setting;

/** The times at which a setting may change. */
public enum Change {
    /** When the daemon starts. */
    AT_START,
    /** When the device is initialised. */
    AT_INIT,
    /** At any time by rzscontrol; a reload of the configuration only says that it differs. */
    BY_REQUEST,
    /** At any time, by rzscontrol and by a reload of the configuration. */
    LIVE
}

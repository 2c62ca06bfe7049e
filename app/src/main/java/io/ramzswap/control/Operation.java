package io.ramzswap.control;

import com.google.gson.annotations.SerializedName;

/** What can be asked for: the ioctls of the driver of 2009. */
public enum Operation {
    /** Sets the disksize of a device that is not initialised. */
    @SerializedName("set-disksize")
    SET_DISK_SIZE(true),
    /** Sets the memory limit of a device that is not initialised. */
    @SerializedName("set-memlimit")
    SET_MEM_LIMIT(true),
    /** Makes the device ready for swapon. */
    @SerializedName("init")
    INIT(false),
    /** Takes the device down and frees all its pages. */
    @SerializedName("reset")
    RESET(false),
    /** Asks for the statistics. */
    @SerializedName("stats")
    STATS(false);

    private final boolean takesBytes;

    Operation(boolean takesBytes) {
        this.takesBytes = takesBytes;
    }

    /** Whether a size goes with it. */
    boolean takesBytes() {
        return takesBytes;
    }
}

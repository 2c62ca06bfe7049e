package io.ramzswap.control;

import com.google.gson.annotations.SerializedName;

/** What can be asked for: the ioctls of the driver of 2009, and what has come since. */
public enum Operation {
    /** Sets the disksize of a device that is not initialised. */
    @SerializedName("set-disksize")
    SET_DISK_SIZE(Argument.BYTES),
    /** Sets the memory limit of a device. */
    @SerializedName("set-memlimit")
    SET_MEM_LIMIT(Argument.BYTES),
    /** Names the backing swap of a device that is not initialised. */
    @SerializedName("set-backing-swap")
    SET_BACKING_SWAP(Argument.PATH),
    /** Sets the most that a device writes back in an hour. */
    @SerializedName("set-writeback-budget")
    SET_WRITE_BACK_BUDGET(Argument.BYTES),
    /** Has pages of a device moved to its backing swap. */
    @SerializedName("write-back")
    WRITE_BACK(Argument.ORDER),
    /** Chooses the allocator of a device that is not initialised. */
    @SerializedName("set-allocator")
    SET_ALLOCATOR(Argument.ALLOCATOR),
    /** Chooses the compressor of a device that is not initialised. */
    @SerializedName("set-compressor")
    SET_COMPRESSOR(Argument.COMPRESSOR),
    /** Makes the device ready for swapon. */
    @SerializedName("init")
    INIT(Argument.NONE),
    /** Takes the device down and frees all its pages. */
    @SerializedName("reset")
    RESET(Argument.NONE),
    /** Has several of the operations above carried out on a device, in the order of 2009: all of them, or none. */
    @SerializedName("together")
    TOGETHER(Argument.PARTS),
    /** Asks for the statistics. */
    @SerializedName("stats")
    STATS(Argument.NONE),
    /** Asks how the daemon is protected, and what it takes for itself. */
    @SerializedName("process")
    PROCESS(Argument.NONE),
    /** Asks for all devices that are initialised, each with its statistics. */
    @SerializedName("list")
    LIST(Argument.NONE),
    /** Has the daemon read its configuration again. */
    @SerializedName("reload")
    RELOAD(Argument.NONE);

    private final Argument argument;

    /** What goes with an operation. */
    private enum Argument {
        NONE,
        BYTES,
        PATH,
        ORDER,
        ALLOCATOR,
        COMPRESSOR,
        PARTS
    }

    Operation(Argument argument) {
        this.argument = argument;
    }

    /** Whether it is on a device, not on the daemon as a whole. */
    boolean takesDevice() {
        return this != LIST && this != PROCESS && this != RELOAD;
    }

    /** Whether it changes a device, and may be a part of {@link #TOGETHER}. */
    boolean changesDevice() {
        return takesDevice() && !isQuestion() && this != TOGETHER;
    }

    /** Whether other operations go with it. */
    boolean takesParts() {
        return argument == Argument.PARTS;
    }

    /** Whether it only asks, which takes the daemon no time to speak of. */
    boolean isQuestion() {
        return this == STATS || this == PROCESS || this == LIST;
    }

    /** Whether a size goes with it. */
    boolean takesBytes() {
        return argument == Argument.BYTES;
    }

    /** Whether a path goes with it. */
    boolean takesPath() {
        return argument == Argument.PATH;
    }

    /** Whether it says what to write back. */
    boolean takesOrder() {
        return argument == Argument.ORDER;
    }

    /** Whether an allocator's name goes with it. */
    boolean takesAllocator() {
        return argument == Argument.ALLOCATOR;
    }

    /** Whether a compressor's name goes with it. */
    boolean takesCompressor() {
        return argument == Argument.COMPRESSOR;
    }
}

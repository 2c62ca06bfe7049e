package io.ramzswap.control;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be asked for: the ioctls of the driver of 2009, and what has come since. */
public enum Operation {
    /** Sets settings of a device; the wire has a name for each setting that can be set. */
    SET,
    /** Has pages of a device moved to its backing swap. */
    WRITE_BACK,
    /** Makes the device ready for swapon. */
    INIT,
    /** Takes the device down and frees all its pages. */
    RESET,
    /** Has several of the operations above carried out on a device, in the order of 2009: all of them, or none. */
    TOGETHER,
    /** Asks for the statistics. */
    STATS,
    /** Asks how the daemon is protected, and what it takes for itself. */
    PROCESS,
    /** Asks for all devices that are initialised, each with its statistics. */
    LIST,
    /** Has the daemon read its configuration again. */
    RELOAD;

    /** The name on the wire. {@link #SET} has none of its own. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The operation with that name on the wire; that is never {@link #SET}. */
    static Optional<Operation> of(String label) {
        return Arrays.stream(values())
                .filter(operation -> operation != SET && operation.label().equals(label))
                .findFirst();
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
        return this == TOGETHER;
    }

    /** Whether it only asks, which takes the daemon no time to speak of. */
    boolean isQuestion() {
        return this == STATS || this == PROCESS || this == LIST;
    }

    /** Whether it says what to write back. */
    boolean takesOrder() {
        return this == WRITE_BACK;
    }
}

package io.ramzswap.notify;

import java.util.Locale;

/** How a device learns of slots that the kernel has freed. */
public enum NotifyMode {
    /** By TRIM, and by watching the kernel where that can be done beyond doubt. */
    AUTO,
    /** By TRIM alone. */
    TRIM,
    /** Not at all: a dead page stays until its slot is written again. TRIM is not offered. */
    OFF;

    /** Where nobody has chosen. */
    public static final NotifyMode DEFAULT = AUTO;

    /** As users write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The mode of a name as on the command line.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static NotifyMode parse(String name) {
        return switch (name) {
            case "auto" -> AUTO;
            case "trim" -> TRIM;
            case "off" -> OFF;
            default -> throw new IllegalArgumentException("auto, trim or off, not '" + name + "'");
        };
    }
}

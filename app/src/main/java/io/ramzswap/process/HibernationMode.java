package io.ramzswap.process;

import java.util.Locale;

/** The treatment of a hibernation while the daemon serves the kernel. */
public enum HibernationMode {
    /** The kernel refuses it, where it can be told to. */
    REFUSE,
    /** The kernel allows it. The service swaps off first, if whoever hibernates asks systemd for it. */
    SWAPOFF;

    /** The default. */
    public static final HibernationMode DEFAULT = REFUSE;

    /** As users write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The mode of a name as on the command line.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static HibernationMode parse(String name) {
        return switch (name) {
            case "refuse" -> REFUSE;
            case "swapoff" -> SWAPOFF;
            default -> throw new IllegalArgumentException("refuse or swapoff, not '" + name + "'");
        };
    }
}

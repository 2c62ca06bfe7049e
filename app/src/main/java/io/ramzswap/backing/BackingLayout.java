package io.ramzswap.backing;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How pages lie on a backing swap. */
public enum BackingLayout {
    /** Compressed, one behind the other, many at a time. */
    LOG,
    /** Each at its slot's own place, as in the driver of 2009. */
    LINEAR;

    /** The name a user reads. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The layout of that name. */
    public static Optional<BackingLayout> of(String label) {
        return Arrays.stream(values())
                .filter(layout -> layout.label().equals(label))
                .findFirst();
    }

    /** All names, for messages. */
    public static String labels() {
        return Arrays.stream(values()).map(BackingLayout::label).collect(Collectors.joining(", "));
    }
}

package io.ramzswap.writeback;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which pages are written back when somebody asks for it. */
public enum WriteBackKind {
    /** Those that nobody used for some time. */
    IDLE,
    /** Those that do not compress to half. */
    HUGE,
    /** All. */
    ALL;

    /** The name a user gives. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that name. */
    public static Optional<WriteBackKind> of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }

    /** All names, for messages. */
    public static String labels() {
        return Arrays.stream(values()).map(WriteBackKind::label).collect(Collectors.joining(", "));
    }
}

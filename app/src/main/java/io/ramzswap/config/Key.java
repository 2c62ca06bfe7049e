package io.ramzswap.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be set for a device. */
enum Key {
    DEVICE,
    DISKSIZE,
    MEMLIMIT,
    ALLOCATOR,
    COMPRESSOR,
    PRIORITY,
    DISCARD,
    CONNECTIONS,
    BACKING_SWAP,
    BACKING_LAYOUT,
    BACKING_ENCRYPT,
    WRITEBACK_LIMIT,
    WRITEBACK_IDLE;

    /** As users write it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(Key::label).toList();
    }

    static Optional<Key> of(String label) {
        return Arrays.stream(values()).filter(key -> key.label().equals(label)).findFirst();
    }

    /** What somebody who wrote {@code label} may have meant, in words; else which keys there are. */
    static String advice(String label) {
        return Spelling.nearest(label, labels())
                .map(nearest -> "did you mean " + nearest + "?")
                .orElseGet(() -> "there are " + String.join(", ", labels()));
    }
}

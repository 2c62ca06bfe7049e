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

    /** A key that is further away is no misspelling of this one. */
    private static final int MAX_DISTANCE = 4;

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
        int least = Integer.MAX_VALUE;
        String nearest = "";
        for (String candidate : labels()) {
            int distance = distance(label.toLowerCase(Locale.ROOT), candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return least <= Math.min(MAX_DISTANCE, nearest.length() / 2)
                ? "did you mean " + nearest + "?"
                : "there are " + String.join(", ", labels());
    }

    /** Characters to insert, remove or replace: the distance of Levenshtein. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}

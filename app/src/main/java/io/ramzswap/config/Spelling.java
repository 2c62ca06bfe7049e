package io.ramzswap.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Words that were typed wrong. */
public final class Spelling {
    /** A word that is further away is no misspelling. */
    private static final int MAX_DISTANCE = 4;

    private Spelling() {}

    /** The one of {@code candidates} that {@code word} was probably meant to be, if there is one. */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        int least = Integer.MAX_VALUE;
        String nearest = "";
        for (String candidate : candidates) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return least <= Math.min(MAX_DISTANCE, nearest.length() / 2) ? Optional.of(nearest) : Optional.empty();
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

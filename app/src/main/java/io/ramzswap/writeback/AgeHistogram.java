package io.ramzswap.writeback;

import io.ramzswap.table.AccessAges;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;

/**
 * How long ago the pages in memory were used.
 *
 * @param inMinute pages used within a minute
 * @param inTenMinutes within ten, but not one
 * @param inHour within an hour, but not ten minutes
 * @param earlier the others
 */
public record AgeHistogram(long inMinute, long inTenMinutes, long inHour, long earlier) {
    private static final int MINUTE = AccessAges.ticks(60);
    private static final int TEN_MINUTES = AccessAges.ticks(600);
    private static final int HOUR = AccessAges.ticks(3600);

    /**
     * Looks at all slots, without disturbing other threads.
     *
     * @param states those of the pages that count
     */
    static AgeHistogram of(PageTable table, AccessAges ages, int slots, int states) {
        long[] pages = new long[4];
        for (int slot = 0; slot < slots; slot++) {
            if (PageWord.isIn(states, table.get(slot))) {
                pages[place(ages.age(slot))]++;
            }
        }
        return new AgeHistogram(pages[0], pages[1], pages[2], pages[3]);
    }

    private static int place(int age) {
        if (age <= MINUTE) {
            return 0;
        }
        if (age <= TEN_MINUTES) {
            return 1;
        }
        return age <= HOUR ? 2 : 3;
    }
}

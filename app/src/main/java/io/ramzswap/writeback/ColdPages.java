package io.ramzswap.writeback;

import io.ramzswap.table.AccessAges;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import java.util.Arrays;

/**
 * Finds the coldest pages of a tier: looks at all slots once to see how much of what age there is, chooses the age at which
 * enough would go, then goes round the slots from where it stopped the last time. Both in small steps. For one thread.
 */
final class ColdPages {
    /** No page was found in this step. */
    static final int NONE = -1;

    /** How many slots are looked at in one go, at most. */
    static final int SLOTS_A_STEP = 8192;
    /** What a page takes besides its bytes. */
    private static final int HEADER_BYTES = 8;

    private final PageTable table;
    private final AccessAges ages;
    private final int slots;
    private final int states;
    private final long[] bytes = new long[Coldness.BUCKETS];

    private boolean looking;
    private int seen;
    private int cursor;
    private long wanted;
    private int least;
    private int sweptLeft;
    private int leastAge;
    private boolean poorOnly;

    /** @param states the states of the tier's pages */
    ColdPages(PageTable table, AccessAges ages, int slots, int states) {
        this.states = states;
        this.table = table;
        this.ages = ages;
        this.slots = slots;
    }

    boolean isActive() {
        return looking || sweptLeft > 0;
    }

    /** Begins to look for the coldest pages of so many bytes, among those that are at least so old. */
    void seek(long wantedBytes, int leastAgeTicks, boolean poorPagesOnly) {
        wanted = wantedBytes;
        leastAge = leastAgeTicks;
        poorOnly = poorPagesOnly;
        looking = true;
        seen = 0;
        Arrays.fill(bytes, 0);
    }

    /** Begins to look for all pages that are at least so old. */
    void seekAll(int leastAgeTicks, boolean poorPagesOnly) {
        seek(Long.MAX_VALUE, leastAgeTicks, poorPagesOnly);
        looking = false;
        least = 0;
        sweptLeft = slots;
    }

    void stop() {
        looking = false;
        sweptLeft = 0;
    }

    /** What was sought last is as cold as this, or colder; in ticks, as {@link Coldness#of} has it. */
    int leastColdness() {
        return Coldness.least(least);
    }

    /** A step: the slot of a page that should go, or {@link #NONE}. */
    int next() {
        return looking ? look() : sweep();
    }

    private int look() {
        int end = Math.min(slots, seen + SLOTS_A_STEP);
        for (; seen < end; seen++) {
            long word = table.get(seen);
            if (isCandidate(seen, word)) {
                bytes[Coldness.bucket(word, ages.age(seen))] += PageWord.length(word) + HEADER_BYTES;
            }
        }
        if (seen == slots) {
            looking = false;
            sweptLeft = slots;
            chooseLeast();
        }
        return NONE;
    }

    private void chooseLeast() {
        long sum = 0;
        least = Coldness.BUCKETS;
        while (least > 0 && sum < wanted) {
            least--;
            sum += bytes[least];
        }
    }

    private int sweep() {
        for (int steps = Math.min(sweptLeft, SLOTS_A_STEP); steps > 0; steps--) {
            int slot = cursor;
            cursor = cursor + 1 == slots ? 0 : cursor + 1;
            sweptLeft--;
            long word = table.get(slot);
            if (isCandidate(slot, word) && Coldness.bucket(word, ages.age(slot)) >= least) {
                return slot;
            }
        }
        return NONE;
    }

    /** The header's page stays. */
    private boolean isCandidate(int slot, long word) {
        return slot > 0
                && PageWord.isIn(states, word)
                && !PageWord.isLeaving(word)
                && (!poorOnly || Coldness.isPoor(word))
                && ages.age(slot) >= leastAge;
    }

    /** A page of so many bytes went. */
    void gone(int length) {
        wanted -= length + HEADER_BYTES;
        if (wanted <= 0) {
            stop();
        }
    }
}

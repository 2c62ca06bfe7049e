package io.ramzswap.allocator.block;

import io.ramzswap.allocator.arena.Arena;
import java.util.Arrays;

/**
 * The regions of a pool that are used least, as they were at the last look, the emptiest first.
 *
 * <p>To look is to walk over all regions twice, which with gigabytes held takes as long as to move thousands of objects. So one
 * look finds up to {@value #MOST} regions, for many steps of a compaction.
 *
 * <p>Regions are told in {@value #LEVELS} levels by how much of them is in use, in any order within a level; those of the last
 * level are never told, for to empty them gains nothing.
 *
 * <p>Confined to one thread. What it tells may have changed since the look, but for a region that is used more than it was: that
 * one is passed over.
 */
final class EmptiestRegions {
    /** 16 KiB of the heap; of regions of 64 KiB as many as hold 256 MiB. */
    static final int MOST = 4096;

    private static final int LEVELS = 32;
    private static final int LAST_LEVEL = LEVELS - 1;

    private final Regions regions;
    /** The regions found, by level. */
    private final int[] frames = new int[MOST];
    /** The index in {@link #frames} at which the regions of each level begin. */
    private final int[] begins = new int[LEVELS];
    /** Behind the last one of each level. */
    private final int[] ends = new int[LEVELS];
    /** Which are to be told next. */
    private int level = LAST_LEVEL;

    private int next;

    EmptiestRegions(Regions regions) {
        this.regions = regions;
    }

    /**
     * Forgets what was not told yet, and looks anew.
     *
     * @param wanted by stripe, whether its regions are to be found
     */
    void look(boolean[] wanted) {
        countLevels(wanted);
        divideRoom();
        collect(wanted);
        level = 0;
        next = 0;
    }

    private void countLevels(boolean[] wanted) {
        Arrays.fill(ends, 0);
        for (long frame = regions.first(); frame != Arena.NONE; frame = regions.after(frame)) {
            if (isOf(wanted, frame)) {
                ends[levelOf(frame)]++;
            }
        }
    }

    private void divideRoom() {
        int begin = 0;
        for (int of = 0; of < LEVELS; of++) {
            int count = Math.min(ends[of], MOST - begin);
            begins[of] = begin;
            ends[of] = begin;
            begin += count;
        }
    }

    /** There may be more of a level now than were counted, or less. */
    private void collect(boolean[] wanted) {
        for (long frame = regions.first(); frame != Arena.NONE; frame = regions.after(frame)) {
            int of = levelOf(frame);
            if (of < LAST_LEVEL && ends[of] < begins[of + 1] && isOf(wanted, frame)) {
                frames[ends[of]++] = (int) frame;
            }
        }
    }

    private boolean isOf(boolean[] wanted, long frame) {
        return wanted[regions.stripeNear(frame)];
    }

    private int levelOf(long frame) {
        int bytes = regions.bytes() / LEVELS;
        return Math.min(Math.max(regions.usedBytes(frame) - 1, 0) / bytes, LAST_LEVEL);
    }

    /** The next region that is used no more than it was, or {@link Arena#NONE}: then it is time to look again. */
    long next() {
        while (level < LAST_LEVEL) {
            while (next < ends[level]) {
                long frame = frames[next++];
                if (regions.isRegion(frame) && levelOf(frame) <= level) {
                    return frame;
                }
            }
            level++;
            next = begins[level];
        }
        return Arena.NONE;
    }
}

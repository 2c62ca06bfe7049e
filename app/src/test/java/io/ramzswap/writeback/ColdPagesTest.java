package io.ramzswap.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.table.AccessAges;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ColdPagesTest {
    private static final int SLOTS = 3 * ColdPages.SLOTS_A_STEP;
    private static final int LENGTH = 1000;
    private static final int BYTES = LENGTH + 8;
    private static final int STATES = 1 << PageWord.COMPRESSED | 1 << PageWord.RAW;

    private final PageTable table =
            new PageTable(new ByteBuffer[] {ByteBuffer.allocateDirect(SLOTS * PageTable.WORD_BYTES)}, 20);
    private final AccessAges ages =
            new AccessAges(new ByteBuffer[] {ByteBuffer.allocateDirect(SLOTS * AccessAges.AGE_BYTES)}, 20);
    private final ColdPages cold = new ColdPages(table, ages, SLOTS, STATES);
    private long now = System.nanoTime();

    private void pass(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds) * 11 / 10;
        ages.advance(now);
    }

    private void touchAll() {
        for (int slot = 0; slot < SLOTS; slot++) {
            ages.touch(slot);
        }
    }

    private void put(int slot, long word) {
        table.exchange(slot, word);
        ages.touch(slot);
    }

    private static long good() {
        return PageWord.compressed(1, LENGTH, 400);
    }

    private static long poor() {
        return PageWord.compressed(1, 3000, 400);
    }

    /** All that is found while every page that is found goes, in steps, until the search ends. */
    private List<Integer> all() {
        List<Integer> found = new ArrayList<>();
        while (cold.isActive()) {
            int slot = cold.next();
            if (slot != ColdPages.NONE) {
                found.add(slot);
                cold.gone(PageWord.length(table.get(slot)));
            }
        }
        return found;
    }

    @Test
    void shouldFindTheColdestPagesFirstAndNoMoreThanAreWanted() {
        touchAll();
        for (int slot = 100; slot < 110; slot++) {
            put(slot, good());
        }
        pass(60);
        for (int slot = 20_000; slot < 20_010; slot++) {
            put(slot, good());
        }
        pass(60);

        cold.seek(10L * BYTES, 0, false);

        assertThat(all()).containsExactly(100, 101, 102, 103, 104, 105, 106, 107, 108, 109);
        assertThat(cold.leastColdness()).isGreaterThan(AccessAges.ticks(60));
    }

    @Test
    void shouldGoOnWhereItStopped() {
        touchAll();
        for (int slot = 100; slot < 200; slot++) {
            put(slot, good());
        }
        pass(10);
        cold.seek(10L * BYTES, 0, false);
        List<Integer> first = all();
        for (int slot : first) {
            table.exchange(slot, good());
        }

        cold.seek(10L * BYTES, 0, false);

        assertThat(first).hasSize(10);
        assertThat(all()).hasSize(10).doesNotContainAnyElementsOf(first);
    }

    @Test
    void shouldTakePagesThatCompressBadlyBeforeOlderOnes() {
        touchAll();
        put(300, good());
        pass(30);
        put(400, poor());
        pass(20);

        cold.seek(1, 0, false);

        assertThat(all()).containsExactly(400);
    }

    @Test
    void shouldLeaveWhatIsNotOldEnough() {
        touchAll();
        put(300, good());
        pass(30);
        put(400, good());
        pass(5);

        cold.seekAll(AccessAges.ticks(20), false);

        assertThat(all()).containsExactly(300);
    }

    @Test
    void shouldLeavePagesThatCompressWellWherePoorOnesAreSought() {
        put(300, good());
        put(301, poor());
        put(302, PageWord.raw(3));

        cold.seekAll(0, true);

        assertThat(all()).containsExactly(301, 302);
    }

    @Test
    void shouldLeaveTheHeaderAndPagesThatLeaveAndThoseOfOtherTiers() {
        put(0, good());
        put(1, PageWord.leaving(good()));
        put(2, PageWord.inLog(1, LENGTH, 4096));
        put(3, PageWord.filled(7));
        put(4, PageWord.inTier(PageWord.FIRST_FREE, 1, LENGTH, 400));
        put(5, good());

        cold.seekAll(0, false);

        assertThat(all()).containsExactly(5);
    }

    @Test
    void shouldFindNothingOnceItIsStopped() {
        put(300, good());
        cold.seekAll(0, false);
        cold.stop();
        assertThat(cold.isActive()).isFalse();
        assertThat(all()).isEmpty();
    }
}

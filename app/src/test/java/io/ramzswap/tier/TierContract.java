package io.ramzswap.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every tier promises. */
@Timeout(120)
abstract class TierContract {
    static final int SLOTS = 1024;
    private static final int PAGE = 4096;
    private static final int THREADS = 4;

    final PageTable table =
            new PageTable(new ByteBuffer[] {ByteBuffer.allocateDirect(SLOTS * PageTable.WORD_BYTES)}, 20);

    /** The tier, open. */
    abstract Tier tier();

    @Test
    void shouldMakeWordsOfItsOwnStatesAndOfNoOther() {
        assertThat(tier().states()).isNotZero();
        assertThat(tier().states() & ~tierStates()).isZero();
        try (TierSession session = tier().open()) {
            for (int noise = 100; noise <= PAGE; noise += 444) {
                long word = session.store(1, page(1, noise), 0, Tier.ANY_BYTES);
                assertThat(PageWord.isIn(tier().states(), word)).isTrue();
                assertThat(session.free(word, 1)).isTrue();
            }
        }
    }

    private static int tierStates() {
        int states = 0;
        for (int state = PageWord.COMPRESSED; state <= PageWord.LAST_OF_TIERS; state++) {
            states |= 1 << state;
        }
        return states;
    }

    @Test
    void shouldRefuseByValueAPageThatStaysTooLarge() {
        try (TierSession session = tier().open()) {
            assertThat(session.store(1, page(1, PAGE), 0, 2048)).isEqualTo(TierSession.REFUSED);
        }
    }

    @Test
    void shouldNotTakeAPageOfOneSlotForThatOfAnother() {
        try (TierSession session = tier().open()) {
            long word = session.store(1, page(1, 500), 0, Tier.ANY_BYTES);
            table.exchange(1, word);
            long other = session.store(2, page(2, 500), 0, Tier.ANY_BYTES);
            table.exchange(2, other);

            assertThat(load(session, word, 2)).isNotEqualTo(Outcome.INTACT);
            assertThat(load(session, word, 1)).isEqualTo(Outcome.INTACT);
        }
    }

    private static Outcome load(TierSession session, long word, int slot) {
        Outcome outcome = session.load(word, slot, ByteBuffer.allocateDirect(PAGE), 0);
        session.done();
        return outcome;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void shouldGiveBackWhatItTookInEveryThread(long seed) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                threads.add(executor.submit(() -> storeAndLoad(thread, new Random(seed * THREADS + thread))));
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void storeAndLoad(int thread, Random random) {
        int[] versions = new int[SLOTS];
        ByteBuffer read = ByteBuffer.allocateDirect(PAGE);
        try (TierSession session = tier().open()) {
            for (int step = 1; step <= 500; step++) {
                int slot = THREADS + random.nextInt(SLOTS / THREADS / 4) * THREADS + thread;
                long old = table.exchange(slot, PageWord.IN_FLIGHT_WORD);
                if (versions[slot] != 0) {
                    assertThat(session.free(old, slot)).isTrue();
                }
                versions[slot] = step;
                table.land(slot, session.store(slot, page(slot, step), 0, Tier.ANY_BYTES));

                int other = THREADS + random.nextInt(SLOTS / THREADS / 4) * THREADS + thread;
                if (versions[other] != 0) {
                    assertThat(session.load(table.get(other), other, read, 0)).isEqualTo(Outcome.INTACT);
                    session.done();
                    assertThat(read).isEqualTo(page(other, versions[other]));
                }
            }
        }
    }

    /** With so many bytes of noise, which is the version at the same time. */
    static ByteBuffer page(int slot, int noise) {
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
        Random random = new Random((long) slot << 20 | noise);
        for (int i = 0; i < noise; i++) {
            page.put(i, (byte) random.nextInt());
        }
        return page.putInt(PAGE - 8, slot).putInt(PAGE - 4, noise);
    }
}

package io.ramzswap.backing.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.Tier;
import io.ramzswap.tier.TierSession;
import io.ramzswap.tier.TierSink;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A log of which much is garbage always makes room, whenever pages come: one thread adds them, has it cleaned a step at a time,
 * and adds more in between, as they come from memory.
 */
@Timeout(100)
class LogRoomTest implements TierSink.Owner {
    private static final int SLOTS = 4096;
    private static final long AREA = (long) SLOTS * AlignedMemory.PAGE_BYTES;
    private static final int MOST_BETWEEN_STEPS = 300;

    private final PageTable table =
            new PageTable(new ByteBuffer[] {ByteBuffer.allocateDirect(SLOTS * PageTable.WORD_BYTES)}, 20);
    private final ByteBuffer page = ByteBuffer.allocateDirect(AlignedMemory.PAGE_BYTES);
    private final ExecutorService connection = Executors.newSingleThreadExecutor();
    private BackingSwap swap;
    private LogStore store;
    private LogWriter writer;

    @BeforeEach
    void open() {
        swap = new FaultyFile(SLOTS).swap(new BackingOptions(BackingLayout.LOG, false));
        store = new LogStore(swap);
        store.serve(table, new CompressorChoice(CompressorKind.DEFAULT));
        writer = store.writer();
        writer.begin();
    }

    @AfterEach
    void close() {
        connection.shutdownNow();
        writer.end();
        store.close();
        swap.close();
    }

    @Override
    public boolean written(int slot, long newWord) {
        long word = table.lockLeaving(slot);
        return word != PageTable.BUSY && table.unlock(slot, word, newWord);
    }

    @Override
    public void refused(int slot) {
        throw new AssertionError("the disk takes everything");
    }

    /** The page that was there before is garbage from now on. */
    private void replace(int slot, long word) {
        long old = table.exchange(slot, word);
        if (PageWord.state(old) == PageWord.ON_DISK) {
            store.release(old);
        }
    }

    private boolean add(int slot, int length) {
        replace(slot, PageWord.EMPTY_WORD);
        if (!tryAdd(slot, length)) {
            writer.flush(this);
            return tryAdd(slot, length);
        }
        return true;
    }

    private boolean tryAdd(int slot, int length) {
        replace(slot, PageWord.leaving(PageWord.compressed(0, length, 0)));
        boolean added = writer.add(slot, length, 0);
        if (!added) {
            replace(slot, PageWord.EMPTY_WORD);
        }
        return added;
    }

    /** As a connection does, of whose page memory has no room. */
    private boolean addDirect(TierSession session, int slot, Random random) throws Exception {
        for (int i = 0; i < AlignedMemory.PAGE_BYTES; i++) {
            page.put(i, (byte) random.nextInt());
        }
        Future<Long> waiting = connection.submit(() -> session.store(slot, page, 0, Tier.ANY_BYTES));
        while (!waiting.isDone()) {
            writer.addWaiting(this);
            writer.flush(this);
        }
        long word = waiting.get();
        table.exchange(slot, word == TierSession.REFUSED ? PageWord.EMPTY_WORD : word);
        return word != TierSession.REFUSED;
    }

    @ParameterizedTest(name = "seed {0}, {1} % used, {2} to {3} bytes")
    @CsvSource({
        "1, 88, 500, 1500",
        "2, 70, 4096, 4096",
        "3, 98, 100, 200",
        "4, 88, 10, 4096",
        "5, 88, 3000, 3200",
        "10, 95, 1500, 3000"
    })
    void shouldFindRoomForEveryPageWhileThereIsGarbage(long seed, int percent, int least, int most) throws Exception {
        Random random = new Random(seed);
        int used = SLOTS * percent / 100;
        int untilStep = 0;
        try (TierSession session = store.open()) {
            for (int i = 0; store.statistics().writtenBytes() < 5 * AREA; i++) {
                int slot = i < used ? i : random.nextInt(used);
                boolean isInMemory = !add(slot, least + random.nextInt(most - least + 1));
                if (isInMemory && random.nextInt(100) == 0) {
                    assertThat(addDirect(session, slot, random))
                            .as("seed %d, write %d, %s", seed, i, store.statistics())
                            .isTrue();
                }
                if (untilStep-- == 0) {
                    writer.clean(this);
                    untilStep = random.nextInt(MOST_BETWEEN_STEPS);
                }
            }
        }
    }
}

package io.ramzswap.backing.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.FaultyFile.Faults;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.TierSink;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A log on a disk that is out of order for a while. An outage may refuse the pages that come meanwhile. Once it has ended, the
 * log takes every page again for which there is garbage to make room of.
 *
 * <p>A batch of the log is smaller than one of its segments here, so a segment can lose a part of its room.
 */
@Timeout(300)
class LogOutageTest implements TierSink.Owner {
    private static final int SLOTS = 32768;
    private static final int USED = SLOTS * 88 / 100;
    private static final int PAGE_BYTES = AlignedMemory.PAGE_BYTES;
    private static final int WRITES_OF_THE_OUTAGE = 60;
    private static final int MOST_STEPS = 30_000;
    private static final long NAP_NANOS = 1_000_000;
    private static final int EIO = 5;

    private final PageTable table =
            new PageTable(new ByteBuffer[] {ByteBuffer.allocateDirect(SLOTS * PageTable.WORD_BYTES)}, 20);
    private final FaultyFile file = new FaultyFile(SLOTS);
    private BackingSwap swap;
    private LogStore store;
    private LogWriter writer;

    @BeforeEach
    void open() {
        swap = file.swap(new BackingOptions(BackingLayout.LOG, false));
        store = new LogStore(swap);
        store.serve(table, new CompressorChoice(CompressorKind.DEFAULT));
        writer = store.writer();
        writer.begin();
    }

    @AfterEach
    void close() {
        writer.end();
        store.close();
        swap.close();
    }

    @Override
    public boolean written(int slot, long newWord) {
        long word = table.lockLeaving(slot);
        return word != PageTable.BUSY && table.unlock(slot, word, newWord);
    }

    /** The page stays in memory. */
    @Override
    public void refused(int slot) {
        long word = table.lockLeaving(slot);
        if (word != PageTable.BUSY) {
            table.unlock(slot, word, PageWord.staying(word));
        }
    }

    /** Writes a page anew, in memory, and has it leave for the log. Returns whether the log took it into its batch. */
    private boolean write(int slot) {
        long old = table.exchange(slot, PageWord.leaving(PageWord.raw(0)));
        if (PageWord.state(old) == PageWord.ON_DISK) {
            store.release(old);
        }
        boolean added = writer.add(slot, PAGE_BYTES, 0);
        if (!added) {
            refused(slot);
        }
        return added;
    }

    /** Steps as the thread of the log makes them, until the page is in the batch. Returns whether that came to pass. */
    private boolean writeSteadily(int slot) {
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            if (write(slot)) {
                return true;
            }
            if (!writer.clean(this)) {
                writer.flush(this);
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
        return false;
    }

    @ParameterizedTest(name = "seed {0}: {1} of 1000 writes and {2} of 1000 reads fail")
    @CsvSource({"2, 500, 0", "6, 0, 700", "8, 500, 500"})
    void shouldTakeEveryPageAgainOnceTheDiskIsWell(long seed, int failedWrites, int failedReads) {
        Random random = new Random(seed);
        for (int i = 0; i < 2 * USED; i++) {
            assertThat(writeSteadily(i < USED ? i : random.nextInt(USED)))
                    .as("write %d, %s", i, store.statistics())
                    .isTrue();
        }
        writer.flush(this);

        file.inject(new Faults(seed, failedReads, failedWrites, 0, 0, EIO));
        long end = store.statistics().batches() + WRITES_OF_THE_OUTAGE;
        for (int i = 0; i < MOST_STEPS && store.statistics().batches() < end; i++) {
            if (!writer.clean(this)) {
                write(random.nextInt(USED));
                writer.flush(this);
            }
        }
        file.inject(Faults.NONE);

        for (int i = 0; i < USED; i++) {
            assertThat(writeSteadily(random.nextInt(USED)))
                    .as("write %d, %s", i, store.statistics())
                    .isTrue();
        }
    }
}

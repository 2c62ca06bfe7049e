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
import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.TierSession;
import io.ramzswap.tier.TierSink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the device, which has slots change under it, cannot be made to show at will. */
class LogStoreTest {
    private static final int SLOTS = 64;
    private static final int SLOT = 5;

    private final PageTable table =
            new PageTable(new ByteBuffer[] {ByteBuffer.allocateDirect(SLOTS * PageTable.WORD_BYTES)}, 20);
    private final ByteBuffer page = ByteBuffer.allocateDirect(AlignedMemory.PAGE_BYTES);

    /** Whoever looked at a slot and was then held up must not read what is there by now. */
    @Test
    void shouldNotReadForAWordThatTheSlotHasNoLonger() {
        FaultyFile file = new FaultyFile(SLOTS);
        try (BackingSwap swap = file.swap(new BackingOptions(BackingLayout.LOG, true));
                LogStore store = new LogStore(swap)) {
            store.serve(table, new CompressorChoice(CompressorKind.DEFAULT));
            try (TierSession session = store.open()) {
                long stale = PageWord.inLog(0, 1000, AlignedMemory.PAGE_BYTES);

                assertThat(session.load(stale, SLOT, page, 0)).isEqualTo(Outcome.OVERTAKEN);
                session.done();

                table.exchange(SLOT, stale);
                assertThat(session.load(stale, SLOT, page, 0))
                        .as("what was never written")
                        .isEqualTo(Outcome.CORRUPT);
                session.done();
            }
        }
    }

    /** The mark of a page that leaves does not tell its versions apart: the first would be taken for the second. */
    @Test
    void shouldHaveOneCopyOfALeavingPageInABatch() {
        try (BackingSwap swap = new FaultyFile(SLOTS).swap(new BackingOptions(BackingLayout.LOG, true));
                LogStore store = new LogStore(swap)) {
            store.serve(table, new CompressorChoice(CompressorKind.DEFAULT));
            LogWriter writer = store.writer();
            List<Integer> written = new ArrayList<>();
            TierSink.Owner owner = new TierSink.Owner() {
                @Override
                public boolean written(int slot, long newWord) {
                    return written.add(slot);
                }

                @Override
                public void refused(int slot) {}
            };

            assertThat(writer.add(SLOT, 100, 0)).isTrue();
            assertThat(writer.add(SLOT + 1, 100, 0)).isTrue();
            assertThat(writer.add(SLOT, 100, 0)).isFalse();
            writer.flush(owner);
            assertThat(writer.isFull()).isFalse();
            assertThat(writer.add(SLOT, 100, 0)).isTrue();
            writer.flush(owner);
            assertThat(written).containsExactly(SLOT, SLOT + 1, SLOT);
        }
    }
}

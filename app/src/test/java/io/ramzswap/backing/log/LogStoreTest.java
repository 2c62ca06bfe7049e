package io.ramzswap.backing.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSession;
import io.ramzswap.backing.BackingSession.Outcome;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;
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
            store.serve(table, CompressorKind.DEFAULT);
            try (BackingSession session = store.open()) {
                long stale = PageWord.inLog(0, 1000, AlignedMemory.PAGE_BYTES);

                assertThat(session.read(stale, SLOT, page, 0)).isEqualTo(Outcome.OVERTAKEN);
                session.done();

                table.unlock(SLOT, stale);
                assertThat(session.read(stale, SLOT, page, 0))
                        .as("what was never written")
                        .isEqualTo(Outcome.CORRUPT);
                session.done();
            }
        }
    }
}

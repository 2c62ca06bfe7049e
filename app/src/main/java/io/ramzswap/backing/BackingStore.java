package io.ramzswap.backing;

import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.table.PageTable;
import io.ramzswap.tier.Tier;
import io.ramzswap.tier.TierSink;
import java.util.Optional;

/** A tier on a {@link BackingSwap}: how pages lie there, and what has to be known of them. The swap stays its owner's to close. */
public interface BackingStore extends Tier {
    /**
     * Says whose pages they are. Before the first session is opened.
     *
     * @param table has their words
     * @param compressors make them small
     */
    void serve(PageTable table, CompressorChoice compressors);

    /** The way for cold pages to come here, if pages do not come here at once. */
    Optional<TierSink> sink();

    /** The figures of this layout. */
    LogStatistics statistics();

    /** Its state. */
    BackingState state();
}

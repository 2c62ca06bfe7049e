package io.ramzswap.device;

import io.ramzswap.compress.Compressor;
import io.ramzswap.table.PageWord;

/** Counts pages by what their words say. For the thread whose counters it has. */
final class PageCounts {
    private final Counters counters;

    PageCounts(Counters counters) {
        this.counters = counters;
    }

    /**
     * Counts pages that came or, if {@code pages} is negative, went.
     *
     * @param slowBytes what each takes there if it is in a tier behind memory
     */
    void add(long word, int pages, int slowBytes) {
        int state = PageWord.state(word);
        if (state == PageWord.FILLED) {
            counters.add(Counter.FILLED_PAGES, pages);
        } else if (state == PageWord.COMPRESSED || state == PageWord.RAW) {
            addInMemory(state, PageWord.length(word), pages);
        } else {
            counters.add(Counter.BACKED_PAGES, pages);
            counters.add(Counter.BACKED_BYTES, (long) pages * slowBytes);
        }
    }

    private void addInMemory(int state, int length, int pages) {
        counters.add(Counter.STORED_PAGES, pages);
        counters.add(Counter.COMPRESSED_BYTES, (long) pages * length);
        if (state == PageWord.RAW) {
            counters.add(Counter.RAW_PAGES, pages);
        } else if (length <= Compressor.GOOD_BYTES) {
            counters.add(Counter.GOOD_COMPRESS_PAGES, pages);
        }
    }
}

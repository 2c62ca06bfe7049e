package io.ramzswap.device;

import io.ramzswap.nbd.Extent;
import io.ramzswap.table.PageWord;

/**
 * What a client is told of a page. The numbers are those of the metadata context {@value #CONTEXT} and never change their
 * meaning.
 *
 * <pre>
 *   0 empty           never written, or freed
 *   1 zero            written with zeroes
 *   2 same-filled     one repeated 64-bit word
 *   3 compressed
 *   4 incompressible  kept as it is
 *   5 written back    in a slower tier, as the backing swap, or on its way there
 *   6 lost            its last write was refused, or its word in the page table is damaged; reading is an error
 * </pre>
 */
final class PageState {
    /** The metadata context's name. */
    static final String CONTEXT = "x-ramzswap:state";

    static final int EMPTY = 0;
    static final int ZERO = 1;
    static final int SAME_FILLED = 2;
    static final int COMPRESSED = 3;
    static final int INCOMPRESSIBLE = 4;
    static final int WRITTEN_BACK = 5;
    static final int LOST = 6;

    private PageState() {}

    static int of(long word) {
        return switch (PageWord.state(word)) {
            case PageWord.EMPTY -> EMPTY;
            case PageWord.FILLED -> isZero(word) ? ZERO : SAME_FILLED;
            case PageWord.RAW -> INCOMPRESSIBLE;
            case PageWord.COMPRESSED -> COMPRESSED;
            case PageWord.LOST, PageWord.DAMAGED -> LOST;
            default -> WRITTEN_BACK;
        };
    }

    /** The bits of base:allocation: an empty page and a page of zeroes take no memory and read as zeroes. */
    static int allocation(int state) {
        return state == EMPTY || state == ZERO ? Extent.HOLE | Extent.ZERO : 0;
    }

    private static boolean isZero(long word) {
        return !PageWord.isWide(word) && PageWord.fillValue(word) == 0;
    }
}

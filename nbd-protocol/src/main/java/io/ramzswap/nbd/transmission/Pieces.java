package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.BlockSize;

/**
 * Cuts a request that is too long for a buffer: at blocks the device likes, even where smaller ones are allowed,
 * so that no block is handled twice.
 */
final class Pieces {
    private static final int LARGEST_ALIGNMENT = 4096;

    private Pieces() {}

    /** The alignment of cuts, less one. */
    static int cutMask(BlockSize blockSize) {
        return Math.max(blockSize.minimum(), Math.min(blockSize.preferred(), LARGEST_ALIGNMENT)) - 1;
    }

    /** The length, up to {@code most}, of a piece at {@code offset} that ends on a cut; 0 or less when none does. */
    static int cut(long offset, int most, int cutMask) {
        return most - (int) ((offset + most) & cutMask);
    }
}

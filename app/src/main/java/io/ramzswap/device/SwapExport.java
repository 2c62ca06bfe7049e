package io.ramzswap.device;

import io.ramzswap.nbd.Export;

/**
 * A block device that holds swapped pages. Who learns that a swap slot was freed can tell it, for its users do not.
 *
 * <p>Whatever stands in front of a device that the kernel swaps to has to be one, too; so that is a type, and not asked when it
 * runs.
 */
public interface SwapExport extends Export {
    /** Opens it for the one thread that is told of freed slots; to be closed before the device is. */
    SlotFrees openSlotFrees();
}

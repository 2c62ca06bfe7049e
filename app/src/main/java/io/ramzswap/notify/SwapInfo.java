package io.ramzswap.notify;

import io.ramzswap.notify.btf.Btf;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where the kernel's {@code struct swap_info_struct} says which device it is of, in bytes.
 *
 * @param blockDevice its pointer to the block device
 * @param numberInBlockDevice the device number in that
 * @param flags its flags
 * @param type its number among the swap areas
 * @param blockDeviceFlag the flag of an area that is a block device, SWP_BLKDEV: a file's slots are not where their
 *     numbers say
 */
record SwapInfo(int blockDevice, int numberInBlockDevice, int flags, int type, int blockDeviceFlag) {
    static final String STRUCTURE = "swap_info_struct";

    /** The names that {@link #of} and {@link SlotFreeFunction} ask for. */
    static final Set<String> NAMES = Set.of(
            STRUCTURE,
            "block_device",
            "bdev",
            "bd_dev",
            "dev_t",
            "flags",
            "type",
            "SWP_BLKDEV",
            "signed char",
            "unsigned int",
            "unsigned long",
            "long unsigned int",
            "swp_entry_t");

    static SwapInfo of(Btf btf) throws IOException {
        OptionalInt flags = btf.memberOffset(STRUCTURE, "flags", "long unsigned int");
        return new SwapInfo(
                known(btf.memberOffset(STRUCTURE, "bdev", "struct block_device *"), "bdev"),
                known(btf.memberOffset("block_device", "bd_dev", "dev_t"), "bd_dev"),
                known(flags.isPresent() ? flags : btf.memberOffset(STRUCTURE, "flags", "unsigned long"), "flags"),
                known(btf.memberOffset(STRUCTURE, "type", "signed char"), "type"),
                known(btf.enumerator("SWP_BLKDEV"), "SWP_BLKDEV"));
    }

    private static int known(OptionalInt value, String name) throws IOException {
        return value.orElseThrow(() ->
                new IOException("this kernel's description of itself has no " + name + " where other kernels have it"));
    }
}

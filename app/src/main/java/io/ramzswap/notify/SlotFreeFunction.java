package io.ramzswap.notify;

import io.ramzswap.notify.btf.Btf;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The running kernel's function that frees slots, where its arguments are, and how they lead to the block device; all of it
 * as that kernel describes itself.
 *
 * @param device which argument is the {@code struct swap_info_struct *}, counted from 1
 * @param slot which one is the first slot
 * @param count which one is the number of slots
 * @param isEntry whether the slot is a swp_entry_t
 * @param info where the device's fields are
 */
record SlotFreeFunction(String name, int device, int slot, int count, boolean isEntry, SwapInfo info) {
    private static final String SWAP_INFO = "struct swap_info_struct *";
    private static final String COUNT = "unsigned int";

    /**
     * The first candidate that this kernel has as expected.
     *
     * @throws IOException if there is none, or the kernel's types are not as expected; the message says which
     */
    static SlotFreeFunction choose(Btf btf, KernelSymbols symbols, List<SlotParameter> candidates) throws IOException {
        SwapInfo info = SwapInfo.of(btf);
        for (SlotParameter candidate : candidates) {
            Optional<SlotFreeFunction> function = match(btf, candidate, info);
            if (function.isPresent() && symbols.isOne(candidate.function())) {
                return function.get();
            }
        }
        throw new IOException("this kernel has no slot-freeing function that is known here and not inlined");
    }

    private static Optional<SlotFreeFunction> match(Btf btf, SlotParameter candidate, SwapInfo info)
            throws IOException {
        List<Btf.Parameter> parameters = btf.parameters(candidate.function()).orElse(List.of());
        OptionalInt device = OptionalInt.empty();
        OptionalInt slot = OptionalInt.empty();
        for (int i = 0; i < parameters.size(); i++) {
            Btf.Parameter parameter = parameters.get(i);
            if (parameter.type().equals(SWAP_INFO)) {
                device = OptionalInt.of(i + 1);
            } else if (parameter.name().equals(candidate.name())
                    && candidate.types().contains(parameter.type())) {
                slot = OptionalInt.of(i + 1);
            }
        }
        int count = parameters.size();
        if (device.isEmpty()
                || slot.isEmpty()
                || !parameters.get(count - 1).type().equals(COUNT)) {
            return Optional.empty();
        }
        return Optional.of(new SlotFreeFunction(
                candidate.function(), device.getAsInt(), slot.getAsInt(), count, candidate.isEntry(), info));
    }

    /** What the probe records of each call, in the terms of kprobetrace.rst. */
    String fetchArguments() {
        return "slot=$arg" + slot + ":u64 nr=$arg" + count + ":u32"
                + " dev=+" + info.numberInBlockDevice() + "(+" + info.blockDevice() + "($arg" + device + ")):u32"
                + " flags=+" + info.flags() + "($arg" + device + "):u64"
                + " type=+" + info.type() + "($arg" + device + "):u8";
    }

    /** Passes the calls for a swap area that is this whole block device, and no file on it. */
    String filter(int deviceNumber) {
        return "dev == " + Integer.toUnsignedString(deviceNumber) + " && flags & " + info.blockDeviceFlag();
    }
}

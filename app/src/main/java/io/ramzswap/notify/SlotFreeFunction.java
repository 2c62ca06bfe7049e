package io.ramzswap.notify;

import io.ramzswap.notify.btf.Btf;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The running kernel's function that frees slots, where its arguments are, and how they lead to the block device; all of it
 * as that kernel describes itself.
 *
 * @param arguments where they are
 * @param form what the slot's argument says
 * @param info where the device's fields are
 * @param clusters where a slot's cluster is; of use with {@link SlotForm#IN_CLUSTER} alone
 */
record SlotFreeFunction(String name, Arguments arguments, SlotForm form, SwapInfo info, SwapClusters clusters) {
    /** The clusters of a kernel whose function needs none. */
    static final SwapClusters NO_CLUSTERS = new SwapClusters(0, 0, 0);

    /** The kernel's array of pointers to the swap areas, by their numbers. */
    private static final String AREAS = "swap_info";

    private static final String SWAP_INFO = "struct swap_info_struct *";
    private static final String COUNT = "unsigned int";

    /**
     * The numbers of a function's arguments, from 1 on; 0 for one that it does not have.
     *
     * @param device the {@code struct swap_info_struct *}
     * @param cluster the {@code struct swap_cluster_info *}
     * @param slot the first slot
     * @param count the number of slots
     */
    record Arguments(int device, int cluster, int slot, int count) {
        /** The arguments of a function with these parameters, of which one names the slot. */
        static Arguments of(List<Btf.Parameter> parameters, SlotParameter slot) {
            int last = parameters.size();
            return new Arguments(
                    find(parameters, each -> each.type().equals(SWAP_INFO)),
                    find(parameters, each -> each.type().equals(SwapClusters.POINTER_TYPE)),
                    find(
                            parameters,
                            each -> each.name().equals(slot.name())
                                    && slot.types().contains(each.type())),
                    last > 0 && parameters.get(last - 1).type().equals(COUNT) ? last : 0);
        }

        private static int find(List<Btf.Parameter> parameters, Predicate<Btf.Parameter> wanted) {
            return 1
                    + IntStream.range(0, parameters.size())
                            .filter(i -> wanted.test(parameters.get(i)))
                            .findFirst()
                            .orElse(-1);
        }

        boolean suffice(SlotForm form) {
            if (form == SlotForm.LONE_ENTRY) {
                return slot > 0;
            }
            return device > 0 && slot > 0 && count > 0 && slot != count && (form != SlotForm.IN_CLUSTER || cluster > 0);
        }
    }

    /** The kernel's symbols that {@link #choose} asks for. */
    static Set<String> symbols(List<SlotParameter> candidates) {
        Set<String> symbols = candidates.stream().map(SlotParameter::function).collect(Collectors.toSet());
        symbols.add(AREAS);
        return symbols;
    }

    /** The names in the kernel's description of itself that {@link #choose} asks for. */
    static Set<String> names(List<SlotParameter> candidates) {
        Set<String> names = symbols(candidates);
        candidates.forEach(candidate -> names.add(candidate.name()));
        names.addAll(SwapInfo.NAMES);
        names.addAll(SwapClusters.NAMES);
        return names;
    }

    /**
     * The first candidate that this kernel has as expected.
     *
     * @throws IOException if there is none, or the kernel's types are not as expected; the message says which
     */
    static SlotFreeFunction choose(Btf btf, KernelSymbols symbols, List<SlotParameter> candidates) throws IOException {
        SwapInfo info = SwapInfo.of(btf);
        for (SlotParameter candidate : candidates) {
            Optional<SlotFreeFunction> function = match(btf, candidate, info);
            boolean leadsToAreas = candidate.form() != SlotForm.LONE_ENTRY || symbols.isOne(AREAS);
            if (function.isPresent() && symbols.isOne(candidate.function()) && leadsToAreas) {
                return function.get();
            }
        }
        throw new IOException("this kernel has no slot-freeing function that is known here and not inlined");
    }

    private static Optional<SlotFreeFunction> match(Btf btf, SlotParameter candidate, SwapInfo info)
            throws IOException {
        Arguments arguments = Arguments.of(btf.parameters(candidate.function()).orElse(List.of()), candidate);
        Optional<SwapClusters> clusters =
                candidate.form() == SlotForm.IN_CLUSTER ? SwapClusters.of(btf) : Optional.of(NO_CLUSTERS);
        return clusters.filter(known -> arguments.suffice(candidate.form()))
                .map(known -> new SlotFreeFunction(candidate.function(), arguments, candidate.form(), info, known));
    }

    /**
     * What the probe records of each call, in the terms of kprobetrace.rst.
     *
     * @param areaNumber of the swap area that the device is going to be, where the function is not told the area
     */
    String fetchArguments(int areaNumber) {
        boolean isLone = form == SlotForm.LONE_ENTRY;
        String area = isLone ? "(@" + AREAS + "+" + Long.BYTES * areaNumber + ")" : "($arg" + arguments.device + ")";
        return fetchSlot(area) + " nr=" + (isLone ? "\\1" : "$arg" + arguments.count) + ":u32"
                + " dev=+" + info.numberInBlockDevice() + "(+" + info.blockDevice() + area + "):u32"
                + " flags=+" + info.flags() + area + ":u64"
                + " type=+" + info.type() + area + ":u8";
    }

    private String fetchSlot(String area) {
        String slot = "slot=$arg" + arguments.slot;
        return form == SlotForm.IN_CLUSTER
                ? slot + ":u32 cluster=$arg" + arguments.cluster + ":u64 clusters=+" + clusters.pointer() + area
                        + ":u64"
                : slot + ":u64";
    }

    /** Passes the calls for a swap area that is this whole block device, and no file on it. */
    String filter(int deviceNumber) {
        return "dev == " + Integer.toUnsignedString(deviceNumber) + " && flags & " + info.blockDeviceFlag();
    }
}

package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Swap tiers, by which control groups are kept from swap areas of some priorities. Source: the kernel's mm/swap-tier.rst and
 * cgroup-v2.rst (memory.swap.tiers.max).
 */
final class SwapTierCheck implements Check {
    private static final String NAME = "swap-tiers";
    private static final String GROUPS = "/sys/fs/cgroup";

    @Override
    public List<Finding> examine(Patient patient) {
        Host host = patient.host();
        List<Tier> tiers = host.lines("/sys/kernel/mm/swap/tiers").stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(Tier::isOne)
                .map(Tier::of)
                .toList();
        List<String> ours = tiers.stream()
                .filter(tier -> patient.ownAreas().stream().anyMatch(area -> tier.holds(area.priority())))
                .map(Tier::name)
                .toList();
        List<Finding> findings = new ArrayList<>();
        for (String slice : host.names(GROUPS, "*.slice")) {
            String barred = host.lines(GROUPS + "/" + slice + "/memory.swap.tiers.max").stream()
                    .map(line -> line.strip().split("\\s+", -1))
                    .filter(words -> words.length == 2 && words[1].equals("0") && ours.contains(words[0]))
                    .map(words -> words[0])
                    .collect(Collectors.joining(", "));
            if (!barred.isEmpty()) {
                findings.add(Finding.note(
                        NAME,
                        "programs in " + slice + " are not swapped out to ramzswap: its memory.swap.tiers.max bars "
                                + barred,
                        "echo '" + barred.split(", ", 2)[0] + " max' > " + GROUPS + "/" + slice
                                + "/memory.swap.tiers.max"));
            }
        }
        return findings;
    }

    /** A line of the table {@code Name Idx PrioStart PrioEnd}. */
    private record Tier(String name, int from, int to) {
        private static final String NUMBER = "-?[0-9]{1,9}";

        static boolean isOne(String[] words) {
            return words.length == 4 && words[2].matches(NUMBER) && words[3].matches(NUMBER);
        }

        static Tier of(String[] words) {
            return new Tier(words[0], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
        }

        boolean holds(int priority) {
            return Math.min(from, to) <= priority && priority <= Math.max(from, to);
        }
    }
}

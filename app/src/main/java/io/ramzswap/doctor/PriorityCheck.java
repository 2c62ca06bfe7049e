package io.ramzswap.doctor;

import io.ramzswap.host.SwapArea;
import java.util.List;
import java.util.stream.Collectors;

/** Ours before slower swap: the kernel fills the area with the higher priority first, and equal ones in turn. */
final class PriorityCheck implements Check {
    private static final String NAME = "priority";
    private static final int MAX_PRIORITY = 32767;

    @Override
    public List<Finding> examine(Patient patient) {
        List<SwapArea> own = patient.ownAreas();
        if (own.isEmpty()) {
            return List.of(Finding.note(NAME, "no ramzswap device is swap"));
        }
        int lowest = own.stream().mapToInt(SwapArea::priority).min().orElseThrow();
        List<SwapArea> before = patient.otherAreas().stream()
                .filter(area -> area.priority() >= lowest && !area.path().startsWith("/dev/zram"))
                .toList();
        if (before.isEmpty()) {
            return List.of(Finding.ok(NAME, "ramzswap is filled before all other swap"));
        }
        int highest = before.stream().mapToInt(SwapArea::priority).max().orElseThrow();
        String others = before.stream()
                .map(area -> area.path() + " (" + area.priority() + ")")
                .collect(Collectors.joining(", "));
        int wanted = Math.min(MAX_PRIORITY, Math.max(100, highest + 1));
        return List.of(Finding.warning(
                NAME,
                "other swap is filled before or along with ramzswap (" + lowest + "): " + others,
                own.stream()
                        .filter(area -> area.priority() <= highest)
                        .map(area -> "swapoff " + area.path() + " && swapon --discard=pages -p " + wanted + " "
                                + area.path())
                        .toArray(String[]::new)));
    }
}

package io.ramzswap.doctor;

import io.ramzswap.host.SwapArea;
import java.util.List;

/** zram swap beside ours: the same memory is promised twice. */
final class ZramCheck implements Check {
    private static final String NAME = "zram";

    @Override
    public List<Finding> examine(Patient patient) {
        List<String> swapping = patient.otherAreas().stream()
                .map(SwapArea::path)
                .filter(path -> path.startsWith("/dev/zram"))
                .toList();
        if (swapping.isEmpty()) {
            return List.of(Finding.ok(NAME, "no swap on it"));
        }
        return List.of(Finding.warning(
                NAME,
                String.join(", ", swapping) + (swapping.size() == 1 ? " is" : " are")
                        + " swap as well: both hold compressed pages in RAM, and each was given a limit as if it were"
                        + " alone",
                "swapoff " + String.join(" ", swapping)));
    }
}

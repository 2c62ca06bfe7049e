package io.ramzswap.doctor;

import java.util.List;

/** zswap stands before every swap device and compresses pages before we see them. Source: the kernel's zswap.rst. */
final class ZswapCheck implements Check {
    private static final String NAME = "zswap";
    private static final String ENABLED = "/sys/module/zswap/parameters/enabled";

    /** Virtual swap: what zswap holds has no slot in a swap area. */
    private static final String VIRTUAL_SWAP = "/proc/sys/vm/vswap_enabled";

    @Override
    public List<Finding> examine(Patient patient) {
        if (patient.host().line(ENABLED).orElse("N").equals("Y")) {
            boolean needsNoArea = patient.host().line(VIRTUAL_SWAP).orElse("0").equals("1");
            return List.of(Finding.warning(
                    NAME,
                    "zswap is enabled: it takes the pages first and compresses them itself, and only what it throws out"
                            + " gets to ramzswap"
                            + (needsNoArea
                                    ? " (with vm.vswap_enabled it holds pages that no swap area has room for)"
                                    : "")
                            + "; at boot, zswap.enabled=0 keeps it off",
                    "echo N > " + ENABLED));
        }
        return List.of(Finding.ok(NAME, "not enabled"));
    }
}

package io.ramzswap.doctor;

import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.device.SizeRule;
import io.ramzswap.host.MemInfo;
import io.ramzswap.host.SwapArea;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Memory against what was promised of it. */
final class MemoryCheck implements Check {
    private static final String NAME = "memory";

    @Override
    public List<Finding> examine(Patient patient) {
        long ram = patient.memoryBytes();
        if (ram == 0) {
            return List.of(Finding.note(NAME, "the kernel does not tell its memory in /proc/meminfo"));
        }
        List<Finding> findings = new ArrayList<>();
        checkCeilings(patient, ram, findings);
        patient.devices().forEach(device -> checkLimit(device, findings));
        checkWayBack(patient, findings);
        if (findings.isEmpty()) {
            findings.add(Finding.ok(NAME, mebibytes(ram) + " of RAM"));
        }
        return findings;
    }

    private static void checkCeilings(Patient patient, long ram, List<Finding> findings) {
        long ceilings = patient.devices().stream()
                .mapToLong(device -> device.statistics().memCeilingBytes())
                .sum();
        if (ceilings > ram / 2) {
            findings.add(Finding.warning(
                    NAME,
                    "the devices may take " + mebibytes(ceilings) + " of " + mebibytes(ram)
                            + " of RAM, more than half: programs may be left with too little to go on"));
        }
    }

    /** Warns of a limit that is too small, unless a backing swap takes the pages beyond it. */
    private static void checkLimit(DeviceReport device, List<Finding> findings) {
        DeviceStatistics statistics = device.statistics();
        long limit = statistics.memLimitBytes();
        if (isOfKernel(device)
                && limit != 0
                && !statistics.backing().isPresent()
                && !SizeRule.isKeptBy(statistics.diskSizeBytes(), limit)) {
            findings.add(Finding.warning(
                    NAME,
                    device.name() + " can be full before its swap area is: its memlimit holds " + mebibytes(limit)
                            + ", and the swap area of " + mebibytes(statistics.diskSizeBytes())
                            + " needs as much only if pages shrink to less than half",
                    "swapoff " + device.name() + " && rzscontrol " + device.name() + " --reset",
                    "rzscontrol " + device.name() + " --init --memlimit_kb=" + (limit >> 10) + " --disksize_kb="
                            + (SizeRule.mostDiskSizeBytes(limit) >> 10),
                    "swapon --discard=pages -p 100 " + device.name()));
        }
    }

    /** Whether the kernel swaps to the device. The pages that NBD clients store have an unknown use. */
    private static boolean isOfKernel(DeviceReport device) {
        return device.name().startsWith("/dev/");
    }

    /** swapoff brings every page back, uncompressed, before the compressed ones are freed. */
    private static void checkWayBack(Patient patient, List<Finding> findings) {
        long used = patient.ownAreas().stream().mapToLong(SwapArea::usedBytes).sum();
        OptionalLong available = patient.host().memoryBytes(MemInfo.AVAILABLE);
        if (available.isPresent() && used > available.getAsLong()) {
            findings.add(Finding.note(
                    NAME,
                    mebibytes(used) + " are swapped out and " + mebibytes(available.getAsLong())
                            + " are available: swapoff would not fit, so do not stop the daemon before programs end"));
        }
    }

    static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}

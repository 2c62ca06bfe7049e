package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import io.ramzswap.host.SwapArea;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether each swap area of the nbd driver still has the process that serves it. Source: drivers/block/nbd.c, whose attribute
 * pid is there while a device is attached, whether or not that process has ended since.
 */
final class ServedCheck implements Check {
    private static final String NAME = "served";

    @Override
    public List<Finding> examine(Patient patient) {
        List<Finding> findings = new ArrayList<>();
        for (SwapArea area : patient.host().swapAreas()) {
            if (Patient.isOfDriver(area)) {
                Optional<String> problem = problem(patient, area);
                findings.add(
                        problem.isPresent()
                                ? lost(area, problem.get())
                                : Finding.ok(NAME, area.path() + " is swap and is served"));
            }
        }
        return findings;
    }

    private static Finding lost(SwapArea area, String problem) {
        return Finding.error(
                NAME,
                area.path() + " is swap and nobody serves it: " + problem + ". The " + (area.usedBytes() >> 20)
                        + " MiB swapped out to it are lost: a program that needs one of these pages waits, and is then"
                        + " killed. swapoff cannot succeed, and another daemon cannot bring the pages back",
                "systemctl reboot   # once what programs that still run hold is saved; if it hangs: echo b >"
                        + " /proc/sysrq-trigger");
    }

    /** The reason why {@code area} is not served, if it is not. */
    static Optional<String> problem(Patient patient, SwapArea area) {
        if (patient.isServedByDaemon(area)) {
            return Optional.empty();
        }
        Host host = patient.host();
        OptionalLong server = host.number("/sys/block/" + area.path().substring("/dev/".length()) + "/pid");
        if (server.isEmpty()) {
            return Optional.of("no server is attached");
        }
        boolean ended = host.seesAllProcesses() && !host.exists("/proc/" + server.getAsLong());
        return ended ? Optional.of("process " + server.getAsLong() + " has ended") : Optional.empty();
    }
}

package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import java.util.ArrayList;
import java.util.List;

/**
 * The nbd driver: there, set up for swap, and with a device to spare. Source: drivers/block/nbd.c (a device that is attached
 * has the attribute pid), modprobe(8).
 */
final class DriverCheck implements Check {
    private static final String NAME = "nbd";
    private static final String LOAD = "modprobe nbd max_part=0";
    private static final String FOR_GOOD = "echo options nbd max_part=0 > /etc/modprobe.d/nbd.conf";

    @Override
    public List<Finding> examine(Patient patient) {
        Host host = patient.host();
        if (!host.exists("/sys/module/nbd")) {
            return List.of(notLoaded(host));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(devices(host, patient.devices().isEmpty()));
        long partitions = host.number("/sys/module/nbd/parameters/max_part").orElse(0);
        if (partitions != 0) {
            findings.add(Finding.warning(
                    NAME,
                    "the driver looks for partitions (max_part is " + partitions
                            + "): each device that comes up is read through for them, and swap may look like one",
                    FOR_GOOD,
                    "modprobe -r nbd && " + LOAD));
        }
        return findings;
    }

    private static Finding notLoaded(Host host) {
        String modules =
                "/lib/modules/" + host.line("/proc/sys/kernel/osrelease").orElse("");
        boolean loadable =
                host.lines(modules + "/modules.dep").stream().anyMatch(line -> line.matches("[^:]*/nbd\\.ko[^:/]*:.*"));
        if (loadable) {
            return Finding.note(NAME, "the driver is not loaded; it can be", LOAD);
        }
        return Finding.error(
                NAME,
                "this kernel has no nbd driver, neither loaded nor in " + modules
                        + ": only ramzswapd --listen works here",
                "apt install linux-image-amd64");
    }

    private static Finding devices(Host host, boolean oneIsWanted) {
        List<String> all = host.names("/sys/block", "nbd[0-9]*");
        List<String> free = all.stream()
                .filter(name -> !host.exists("/sys/block/" + name + "/pid"))
                .toList();
        if (!free.isEmpty()) {
            return Finding.ok(
                    NAME,
                    "the driver is loaded; " + free.size() + " of " + all.size() + " devices are free, first /dev/"
                            + free.get(0));
        }
        String message = all.size() + " devices, all of them attached";
        String more = "modprobe -r nbd && " + LOAD + " nbds_max=" + Math.max(16, 2 * all.size());
        return oneIsWanted ? Finding.error(NAME, message, more) : Finding.note(NAME, message);
    }
}

package io.ramzswap.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A host that is as it should be, of files, and doctor on it. */
abstract class HealthyHost {
    static final String NO_LIMITS = "Max locked memory         unlimited            unlimited            bytes\n";
    static final String SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    @TempDir
    private Path directory;

    private Tree tree;

    @BeforeEach
    void makeAHealthyHost() throws IOException {
        tree = new Tree(directory.resolve("root"))
                .file("/proc/sys/kernel/osrelease", "6.12.48+deb13-amd64\n")
                .file("/proc/sys/vm/swappiness", "60\n")
                .file("/proc/sys/vm/page-cluster", "3\n")
                .file("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/vda1 quiet\n")
                .file("/proc/meminfo", "MemTotal:        4194304 kB\nMemAvailable:    2097152 kB\n")
                .file(
                        "/proc/swaps",
                        SWAPS + "/dev/nbd0  partition\t1048572\t\t1024\t\t100\n/dev/vda2 partition 1024 0 -2\n")
                .file("/proc/self/limits", NO_LIMITS)
                .file("/proc/self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n")
                .file("/sys/module/nbd/parameters/max_part", "0\n")
                .file("/sys/module/zswap/parameters/enabled", "N\n")
                .file("/sys/power/state", "freeze mem\n")
                .file("/sys/fs/cgroup/cgroup.controllers", "memory\n")
                .link("/usr/lib/systemd/system-sleep/ramzswap", "../../ramzswap/lib/sleep")
                .file("/sys/power/resume", "0:0\n")
                .file("/sys/fs/cgroup/system.slice/memory.max", "max\n")
                .file("/sys/block/nbd0/pid", "17\n")
                .directory("/proc/17")
                .directory("/sys/block/nbd1")
                .directory("/sys/block/nbd10");
    }

    /** Where the files of the test lie. */
    final Path directory() {
        return directory;
    }

    /** The host as the test may change it. */
    final Tree tree() {
        return tree;
    }

    @AfterEach
    void removeLinks() throws IOException {
        tree.withoutLinks();
    }

    final Path socket() {
        return directory.resolve("control.sock");
    }

    final Run doctor(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 3);
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = "doctor";
        all[all.length - 2] = tree.option();
        all[all.length - 1] = "--control=" + socket();
        return Run.of(new RzscontrolCommand(), all);
    }
}

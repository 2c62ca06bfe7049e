package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DoctorAilmentsTest extends HealthyHost {
    private static final String HANG =
            ", and would hang: while processes are frozen for it nobody serves ramzswap's devices,"
                    + " so swap them off before, or do without";
    private static final String MASK =
            "systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target";

    /** What a test changes of a host that is as it should be. */
    @FunctionalInterface
    interface Change {
        void on(Tree tree) throws IOException;
    }

    static Stream<Arguments> ailmentsOfTheKernel() {
        return Stream.of(
                ailment(
                        "a kernel without PR_SET_IO_FLUSHER",
                        13,
                        "error kernel Linux 5.4.0-42 has no PR_SET_IO_FLUSHER, without which swap served by a process can"
                                + " freeze the machine; it came with 5.6",
                        "apt install linux-image-amd64",
                        tree -> tree.file("/proc/sys/kernel/osrelease", "5.4.0-42\n")),
                ailment(
                        "a kernel nobody has tried",
                        0,
                        "note kernel Linux 5.10.0 is older than any kernel that ramzswap is tested on, 6.1 to 7.3",
                        "",
                        tree -> tree.file("/proc/sys/kernel/osrelease", "5.10.0\n")),
                ailment(
                        "a kernel that came later",
                        0,
                        "note kernel Linux 7.10.2+deb14-amd64 is newer than any kernel that ramzswap is tested on, 6.1 to 7.3",
                        "",
                        tree -> tree.file("/proc/sys/kernel/osrelease", "7.10.2+deb14-amd64\n")),
                ailment(
                        "a kernel that is locked down",
                        0,
                        "note notifier the kernel is locked down for confidentiality and lets nobody trace it: freed pages are"
                                + " learnt of by TRIM alone, and some stay longer than they are of use",
                        "",
                        tree -> tree.file("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n")),
                ailment(
                        "a kernel without kprobe events",
                        0,
                        "note notifier the kernel has no kprobe events: freed pages are learnt of by TRIM alone, and some stay"
                                + " longer than they are of use",
                        "",
                        tree -> tree.file("/sys/kernel/tracing/trace", "")),
                ailment(
                        "a kernel that does not describe its types",
                        0,
                        "note notifier the kernel does not describe its types in /sys/kernel/btf/vmlinux: freed pages are"
                                + " learnt of by TRIM alone, and some stay longer than they are of use",
                        "",
                        tree -> tree.directory("/sys/kernel/mm")),
                ailment(
                        "a kernel that does not tell",
                        0,
                        "note kernel the kernel does not tell its version in /proc/sys/kernel/osrelease",
                        "",
                        tree -> tree.without("/proc/sys/kernel/osrelease")));
    }

    static Stream<Arguments> ailmentsOfDriverAndSwap() {
        return Stream.of(
                ailment(
                        "a driver that looks for partitions",
                        12,
                        "warning nbd the driver looks for partitions (max_part is 16): each device that comes up is read"
                                + " through for them, and swap may look like one",
                        "echo options nbd max_part=0 > /etc/modprobe.d/nbd.conf|modprobe -r nbd && modprobe nbd max_part=0",
                        tree -> tree.file("/sys/module/nbd/parameters/max_part", "16\n")),
                ailment(
                        "no device to spare",
                        13,
                        "error nbd 3 devices, all of them attached",
                        "modprobe -r nbd && modprobe nbd max_part=0 nbds_max=16",
                        tree -> tree.file("/sys/block/nbd1/pid", "1\n").file("/sys/block/nbd10/pid", "1\n")),
                ailment(
                        "zswap in front",
                        12,
                        "warning zswap zswap is enabled: it takes the pages first and compresses them itself, and only what"
                                + " it throws out gets to ramzswap; at boot, zswap.enabled=0 keeps it off",
                        "echo N > /sys/module/zswap/parameters/enabled",
                        tree -> tree.file("/sys/module/zswap/parameters/enabled", "Y\n")),
                ailment(
                        "zswap that needs no swap area",
                        12,
                        "warning zswap zswap is enabled: it takes the pages first and compresses them itself, and only what"
                                + " it throws out gets to ramzswap (with vm.vswap_enabled it holds pages that no swap area"
                                + " has room for); at boot, zswap.enabled=0 keeps it off",
                        "echo N > /sys/module/zswap/parameters/enabled",
                        tree -> tree.file("/sys/module/zswap/parameters/enabled", "Y\n")
                                .file("/proc/sys/vm/vswap_enabled", "1\n")),
                ailment(
                        "a tier that some programs may not use",
                        0,
                        "note swap-tiers programs in user.slice are not swapped out to ramzswap: its memory.swap.tiers.max"
                                + " bars fast",
                        "echo 'fast max' > /sys/fs/cgroup/user.slice/memory.swap.tiers.max",
                        tree -> tree.file(
                                        "/sys/kernel/mm/swap/tiers",
                                        "Name             Idx   PrioStart   PrioEnd\nfast 0 50 32767\nslow 1 -1 49\n")
                                .file("/sys/fs/cgroup/user.slice/memory.swap.tiers.max", "fast 0\nslow 0\n")
                                .file("/sys/fs/cgroup/system.slice/memory.swap.tiers.max", "fast max\nslow 0\n")),
                ailment(
                        "zram beside it",
                        12,
                        "warning zram /dev/zram0, /dev/zram1 are swap as well: both hold compressed pages in RAM, and each"
                                + " was given a limit as if it were alone",
                        "swapoff /dev/zram0 /dev/zram1",
                        tree -> tree.file(
                                "/proc/swaps",
                                SWAPS
                                        + "/dev/nbd0 partition 9 0 100\n/dev/zram0 partition 9 0 100\n/dev/zram1 partition 9 0 5\n")),
                ailment(
                        "other swap filled first",
                        12,
                        "warning priority other swap is filled before or along with ramzswap (-2): /dev/vda2 (200), /swap (-2)",
                        "swapoff /dev/nbd0 && swapon --discard=pages -p 201 /dev/nbd0",
                        tree -> tree.file(
                                "/proc/swaps",
                                SWAPS
                                        + "/dev/nbd0 partition 9 0 -2\n/dev/vda2 partition 9 0 200\n/swap file 9 0 -2\n")),
                ailment(
                        "swap that is not used",
                        0,
                        "note priority no ramzswap device is swap",
                        "",
                        tree -> tree.file("/proc/swaps", SWAPS)));
    }

    static Stream<Arguments> ailmentsOfMemoryAndRights() {
        return Stream.of(
                ailment(
                        "a kernel told not to swap",
                        12,
                        "warning swappiness vm.swappiness is 0: the kernel swaps only when it is nearly out of memory",
                        "sysctl vm.swappiness=100",
                        tree -> tree.file("/proc/sys/vm/swappiness", "0\n")),
                ailment(
                        "faults that read too much",
                        12,
                        "warning page-cluster vm.page-cluster is 5: a fault reads up to 32 pages, most of which nobody asked"
                                + " for, and each has to be decompressed",
                        "sysctl vm.page-cluster=3",
                        tree -> tree.file("/proc/sys/vm/page-cluster", "5\n")),
                ailment(
                        "more swapped out than fits back",
                        0,
                        "note memory 3072 MiB are swapped out and 2048 MiB are available: swapoff would not fit, so do not"
                                + " stop the daemon before programs end",
                        "",
                        tree -> tree.file("/proc/swaps", SWAPS + "/dev/nbd0 partition 4194304 3145728 100\n")),
                ailment(
                        "services with a limit in common",
                        12,
                        "warning cgroup services share a limit, which the daemon's devices would fill: memory.high of"
                                + " system.slice is 1073741824",
                        "systemctl set-property system.slice MemoryMax=infinity MemoryHigh=infinity",
                        tree -> tree.file("/sys/fs/cgroup/system.slice/memory.high", "1073741824\n")),
                ailment(
                        "programs that may not swap",
                        0,
                        "note cgroup programs in user.slice may not be swapped out: its memory.swap.max is 0",
                        "systemctl set-property user.slice MemorySwapMax=infinity",
                        tree -> tree.file("/sys/fs/cgroup/user.slice/memory.swap.max", "0\n")),
                ailment(
                        "a user without rights",
                        13,
                        "error privileges a daemon started from here could not lock its memory and would refuse to serve"
                                + " swap: RLIMIT_MEMLOCK is limited",
                        "ulimit -l unlimited",
                        tree -> tree.file("/proc/self/status", "CapEff:\t0000000000000000\n")
                                .file(
                                        "/proc/self/limits",
                                        "Max locked memory         8388608              8388608     bytes\n")),
                ailment(
                        "root in a container",
                        13,
                        "error privileges a daemon started from here could not set PR_SET_IO_FLUSHER and would refuse to"
                                + " serve swap: it lacks CAP_SYS_RESOURCE",
                        "systemctl start ramzswap   # or ramzswapd, as root and outside a container",
                        tree -> tree.file("/proc/self/status", "CapEff:\t00000000002040fb\n")));
    }

    private static Tree hibernating(Tree tree) throws IOException {
        return tree.file("/sys/power/state", "freeze mem disk\n");
    }

    static Stream<Arguments> ailmentsOfSleep() {
        return Stream.of(
                ailment(
                        "a daemon without its hook",
                        0,
                        "note suspend the machine may stay awake if it is to suspend while programs swap: no hook freezes them"
                                + " before the daemon; the package and scripts/install bring one",
                        "",
                        tree -> tree.without("/usr/lib/systemd/system-sleep/ramzswap")),
                ailment(
                        "a hook that has nothing to freeze with",
                        0,
                        "note suspend the machine may stay awake if it is to suspend while programs swap: the hook freezes them"
                                + " by control groups, and cgroup v2 is not mounted at /sys/fs/cgroup",
                        "",
                        tree -> tree.without("/sys/fs/cgroup/cgroup.controllers")),
                ailment(
                        "a kernel that does not suspend",
                        0,
                        "ok suspend the kernel does not suspend",
                        "",
                        tree -> tree.file("/sys/power/state", "\n")),
                ailment(
                        "hibernation to whatever swap there is",
                        12,
                        "warning hibernation the machine can hibernate" + HANG,
                        MASK,
                        DoctorAilmentsTest::hibernating),
                ailment(
                        "hibernation to a disk",
                        12,
                        "warning hibernation the machine can hibernate (to UUID=17)" + HANG,
                        MASK,
                        tree -> hibernating(tree).file("/proc/cmdline", "quiet resume=UUID=17\n")),
                ailment(
                        "hibernation to a device set later",
                        12,
                        "warning hibernation the machine can hibernate (to device 254:2)" + HANG,
                        MASK,
                        tree -> hibernating(tree).file("/sys/power/resume", "254:2\n")),
                ailment(
                        "hibernation into RAM",
                        13,
                        "error hibernation the image would go to /dev/nbd0, into the memory that is about to be switched off",
                        MASK,
                        tree -> hibernating(tree).file("/proc/cmdline", "resume=/dev/nbd0\n")),
                ailment(
                        "hibernation into RAM, set later",
                        13,
                        "error hibernation the image would go to device 43:0, into the memory that is about to be switched"
                                + " off",
                        MASK,
                        tree -> hibernating(tree).file("/sys/power/resume", "43:0\n")),
                ailment(
                        "hibernation that a drop-in forbids",
                        0,
                        "ok hibernation systemd refuses it: AllowHibernation=no",
                        "",
                        tree -> hibernating(tree)
                                .file("/etc/systemd/sleep.conf", "[Sleep]\nAllowHibernation=yes\n")
                                .file("/usr/lib/systemd/sleep.conf.d/50-a.conf", "[Sleep]\nAllowHibernation = no\n")),
                ailment(
                        "hibernation that is allowed again",
                        12,
                        "warning hibernation the machine can hibernate" + HANG,
                        MASK,
                        tree -> hibernating(tree)
                                .file("/usr/lib/systemd/sleep.conf.d/50-a.conf", "[Sleep]\nAllowHibernation=no\n")
                                .file("/etc/systemd/sleep.conf.d/60-b.conf", "[Sleep]\nAllowHibernation=yes\n")),
                ailment(
                        "masked targets",
                        0,
                        "ok hibernation systemd refuses it: its targets are masked",
                        "",
                        tree -> hibernating(tree)
                                .link("/etc/systemd/system/hibernate.target", "/dev/null")
                                .link("/etc/systemd/system/hybrid-sleep.target", "/dev/null")
                                .link("/etc/systemd/system/suspend-then-hibernate.target", "/dev/null")),
                ailment(
                        "one masked target of three",
                        12,
                        "warning hibernation the machine can hibernate" + HANG,
                        MASK,
                        tree -> hibernating(tree).link("/etc/systemd/system/hibernate.target", "/dev/null")),
                ailment(
                        "a service that swaps off before",
                        0,
                        "ok hibernation systemd stops ramzswap.service, and with it swap, before",
                        "",
                        tree -> hibernating(tree)
                                .file("/usr/lib/systemd/system/systemd-hibernate.service.d/ramzswap.conf", "")
                                .directory("/sys/fs/cgroup/system.slice/ramzswap.service")));
    }

    static Stream<Arguments> ailmentsOfBoot() {
        String ours = "UUID=72616d7a-7377-8abc-8def-0123456789ab";
        return Stream.of(
                ailment(
                        "a command line that resumes from it",
                        12,
                        "warning boot the kernel's command line has resume=LABEL=ramzswap, and the boot waits for that device in"
                                + " vain: take it out where the boot loader is configured",
                        "sed -i 's# *resume=LABEL=ramzswap##' /etc/default/grub && update-grub",
                        tree -> tree.file("/proc/cmdline", "quiet resume=LABEL=ramzswap\n")),
                ailment(
                        "a line of fstab",
                        12,
                        "warning boot /etc/fstab has /dev/nbd0 as swap, and the boot waits for that device, or makes it swap in"
                                + " place of the daemon",
                        "sed -i 's#^[[:space:]]*/dev/nbd0[[:space:]]#\\#&#' /etc/fstab",
                        tree -> tree.file(
                                "/etc/fstab",
                                "# /dev/nbd1 none swap\nUUID=17 none swap sw\n/dev/nbd0\tnone swap sw 0 0\n")),
                ailment(
                        "initramfs-tools that were told so",
                        12,
                        "warning boot /etc/initramfs-tools/conf.d/resume has RESUME=" + ours
                                + ", and the boot waits for that device in vain",
                        "echo RESUME=auto > /etc/initramfs-tools/conf.d/resume|update-initramfs -u -k all",
                        tree -> tree.file("/etc/initramfs-tools/conf.d/resume", "RESUME=" + ours + "\n")),
                ailment(
                        "an initramfs of initramfs-tools",
                        12,
                        "warning boot /boot/initrd.img-6.12 resumes from " + ours
                                + ", and the boot waits for that device in vain",
                        "update-initramfs -u -k all",
                        tree -> tree.file(
                                "/boot/initrd.img-6.12",
                                Initramfs.with(
                                        "conf/conf.d/zz-resume-auto", "RESUME=" + ours + "\n", ZstdOutputStream::new))),
                ailment(
                        "an initramfs of dracut",
                        12,
                        "warning boot /boot/initramfs-6.12.img resumes from /dev/nbd3, and the boot waits for that device in"
                                + " vain",
                        "update-initramfs -u -k all",
                        tree -> tree.file(
                                "/boot/initramfs-6.12.img",
                                Initramfs.with(
                                        "etc/cmdline.d/95resume.conf", " resume=/dev/nbd3\n", GZIPOutputStream::new))),
                ailment(
                        "images that name another device, are damaged, or are none",
                        0,
                        "ok boot nothing waits for a ramzswap device",
                        "",
                        tree -> tree.file(
                                        "/boot/initrd.img-1",
                                        Initramfs.with(
                                                "conf/conf.d/zz-resume-auto",
                                                "RESUME=UUID=17\n",
                                                ZstdOutputStream::new))
                                .file("/boot/initrd.img-2", "070701 and then nothing of the kind")
                                .file("/boot/initrd.img-3", "")));
    }

    static Stream<Arguments> devicesThatNobodyServes() {
        String lost =
                ". The 1 MiB swapped out to it are lost: a program that needs one of these pages waits, and is then"
                        + " killed. swapoff cannot succeed, and another daemon cannot bring the pages back";
        String cure = "systemctl reboot   # once what programs that still run hold is saved; if it hangs: echo b >"
                + " /proc/sysrq-trigger";
        return Stream.of(
                ailment(
                        "a daemon that was killed",
                        13,
                        "error served /dev/nbd0 is swap and nobody serves it: process 17 has ended" + lost,
                        cure,
                        tree -> tree.without("/proc/17")),
                ailment(
                        "a device that was detached",
                        13,
                        "error served /dev/nbd0 is swap and nobody serves it: no server is attached" + lost,
                        cure,
                        tree -> tree.without("/sys/block/nbd0/pid")));
    }

    private static Arguments ailment(String name, int status, String finding, String cures, Change change) {
        return Arguments.of(name, status, finding, cures, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "ailmentsOfTheKernel",
        "ailmentsOfDriverAndSwap",
        "ailmentsOfMemoryAndRights",
        "ailmentsOfSleep",
        "ailmentsOfBoot",
        "devicesThatNobodyServes"
    })
    void shouldFindWhatIsWrongAndSayWhatCuresIt(String name, int status, String finding, String cures, Change change)
            throws IOException {
        change.on(tree());

        Run run = doctor("--json");

        assertThat(run.status()).as(run.out()).isEqualTo(status);
        List<String> found =
                JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("findings").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .map(DoctorAilmentsTest::line)
                        .toList();
        assertThat(found).contains(finding + " -> " + cures);
    }

    private static String line(JsonObject finding) {
        List<String> cures = finding.getAsJsonArray("cures").asList().stream()
                .map(JsonElement::getAsString)
                .toList();
        return finding.get("severity").getAsString() + " "
                + finding.get("check").getAsString() + " "
                + finding.get("message").getAsString() + " -> " + String.join("|", cures);
    }
}

package io.ramzswap.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Files that have the boot wait for a device of ours, which is not there before the daemon is. */
final class BootCheck implements Check {
    private static final String NAME = "boot";

    @Override
    public List<Finding> examine(Patient patient) {
        BootFiles files = new BootFiles(patient.host());
        List<Finding> findings = new ArrayList<>();
        files.resumeOfCommandLine()
                .filter(resume -> new SwapReference(resume).isOurs())
                .ifPresent(resume -> findings.add(Finding.warning(
                        NAME,
                        "the kernel's command line has resume=" + resume
                                + ", and the boot waits for that device in vain:"
                                + " take it out where the boot loader is configured",
                        "sed -i 's# *resume=" + resume + "##' /etc/default/grub && update-grub")));
        own(files.swapOfFstab())
                .forEach(mention -> findings.add(Finding.warning(
                        NAME,
                        "/etc/fstab has " + mention.reference().text()
                                + " as swap, and the boot waits for that device, or makes it swap in place of the daemon",
                        "sed -i 's#^[[:space:]]*" + mention.reference().text() + "[[:space:]]#\\#&#' /etc/fstab")));
        own(files.resumeOfInitramfsTools())
                .forEach(mention -> findings.add(Finding.warning(
                        NAME,
                        mention.file() + " has RESUME=" + mention.reference().text()
                                + ", and the boot waits for that device in vain",
                        "echo RESUME=auto > " + mention.file(),
                        "update-initramfs -u -k all")));
        own(files.resumeOfImages())
                .forEach(mention -> findings.add(Finding.warning(
                        NAME,
                        mention.file() + " resumes from " + mention.reference().text()
                                + ", and the boot waits for that device in vain",
                        "update-initramfs -u -k all")));
        if (findings.isEmpty()) {
            findings.add(Finding.ok(NAME, "nothing waits for a ramzswap device"));
        }
        return findings;
    }

    private static Stream<BootFiles.Mention> own(List<BootFiles.Mention> mentions) {
        return mentions.stream().filter(mention -> mention.reference().isOurs());
    }
}

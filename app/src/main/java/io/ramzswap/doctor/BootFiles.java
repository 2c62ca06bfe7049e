package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files that a host reads at boot, and the swap areas that they name. Source: kernel-parameters.txt, fstab(5), initramfs.conf(5). */
final class BootFiles {
    private static final String INITRAMFS_CONFIGURATION = "/etc/initramfs-tools/conf.d";

    private final Host host;

    /**
     * A place that names a swap area.
     *
     * @param file where it stands
     * @param reference the area
     */
    record Mention(String file, SwapReference reference) {}

    BootFiles(Host host) {
        this.host = host;
    }

    /** The value of {@code resume=} on the kernel's command line. */
    Optional<String> resumeOfCommandLine() {
        return values(host.line("/proc/cmdline").stream().flatMap(line -> Stream.of(line.split(" ", -1))), "resume=")
                .findFirst();
    }

    /** The areas in /etc/fstab. */
    List<Mention> swapOfFstab() {
        return host.lines("/etc/fstab").stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(fields -> fields.length > 2 && !fields[0].startsWith("#") && fields[2].equals("swap"))
                .map(fields -> new Mention("/etc/fstab", new SwapReference(fields[0])))
                .toList();
    }

    /** The areas that initramfs-tools is told of. */
    List<Mention> resumeOfInitramfsTools() {
        return host.names(INITRAMFS_CONFIGURATION, "*").stream()
                .map(name -> INITRAMFS_CONFIGURATION + "/" + name)
                .flatMap(file -> values(host.lines(file).stream(), "RESUME=")
                        .map(value -> new Mention(file, new SwapReference(value))))
                .toList();
    }

    /** The areas in the images themselves, as initramfs-tools and dracut write them. */
    List<Mention> resumeOfImages() {
        return host.names("/boot", "init*").stream()
                .map(name -> "/boot/" + name)
                .flatMap(file -> new InitramfsImage(host.path(file))
                        .resumeDevices().stream().map(value -> new Mention(file, new SwapReference(value))))
                .toList();
    }

    private static Stream<String> values(Stream<String> words, String key) {
        return words.map(String::strip)
                .filter(word -> word.startsWith(key))
                .map(word -> word.substring(key.length()).replace("\"", ""));
    }
}

package io.ramzswap.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads /proc and /sys below a root directory. What is not there, or may not be read, is as if it were empty: kernels differ
 * in what they show, and a reader has to say something about every one of them. Source: proc(5), sysfs(5).
 *
 * @param root "/", or a tree that stands in for it
 */
public record Host(Path root) {
    private static final String KILOBYTES = " kB";
    private static final int KILOBYTE_SHIFT = 10;
    private static final String FIRST_NAME_SPACE = "pid:[4026531836]";

    /** The machine this runs on. */
    public static Host running() {
        return new Host(Path.of("/"));
    }

    /** Where {@code absolute} is below the root. */
    public Path path(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    /** Whether there is such a file. */
    public boolean exists(String absolute) {
        return Files.exists(path(absolute));
    }

    /** Where a symbolic link points to, as it is written there. */
    public Optional<String> link(String absolute) {
        try {
            return Optional.of(Files.readSymbolicLink(path(absolute)).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether a process that is not in /proc has ended: there may be others where this process is in a name space of its own.
     * Source: pid_namespaces(7), and the number of the first one in the kernel's include/linux/proc_ns.h.
     */
    public boolean seesAllProcesses() {
        try {
            return Files.readSymbolicLink(path("/proc/self/ns/pid")).toString().equals(FIRST_NAME_SPACE);
        } catch (IOException | UnsupportedOperationException e) {
            // A kernel without name spaces of processes has no such link.
            return true;
        }
    }

    /** The lines of a file. */
    public List<String> lines(String absolute) {
        return lines(path(absolute));
    }

    private static List<String> lines(Path file) {
        try {
            return ProcFile.lines(file);
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** A file's only line, without blanks around it. */
    public Optional<String> line(String absolute) {
        return lines(absolute).stream().findFirst().map(String::strip);
    }

    /** A file's only line as a number. */
    public OptionalLong number(String absolute) {
        return line(absolute).map(Host::parse).orElseGet(OptionalLong::empty);
    }

    private static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The names in a directory that match {@code glob}, in order. */
    public List<String> names(String directory, String glob) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(directory), glob)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        names.sort(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
        return names;
    }

    /** The swap areas in use. */
    public List<SwapArea> swapAreas() {
        try {
            return ActiveSwaps.in(path("/proc")).read();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Where a device is mounted: a directory, [SWAP], or nothing. */
    public Optional<String> mountPoint(String device) {
        if (swapAreas().stream().anyMatch(area -> area.path().equals(device))) {
            return Optional.of("[SWAP]");
        }
        try {
            return Mounts.in(path("/proc")).of(device);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A figure of memory, as {@link MemInfo#TOTAL}, in bytes. */
    public OptionalLong memoryBytes(String label) {
        try {
            return MemInfo.in(path("/proc")).bytes(label);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The memory that the kernel holds back for those that free some, vm.min_free_kbytes, in bytes. */
    public OptionalLong reserveBytes() {
        return line("/proc/sys/vm/min_free_kbytes").map(Host::kilobytes).orElseGet(OptionalLong::empty);
    }

    /** The number behind {@code label} in a file of lines as "label: 17 kB"; in bytes if it is in kB. */
    public OptionalLong value(String absolute, String label) {
        return lines(absolute).stream()
                .filter(line -> line.startsWith(label))
                .findFirst()
                .map(line -> line.substring(label.length()).strip())
                .map(text -> text.endsWith(KILOBYTES)
                        ? kilobytes(text.substring(0, text.length() - KILOBYTES.length()))
                        : parse(text))
                .orElseGet(OptionalLong::empty);
    }

    private static OptionalLong kilobytes(String text) {
        OptionalLong number = parse(text.strip());
        return number.isPresent() ? OptionalLong.of(number.getAsLong() << KILOBYTE_SHIFT) : number;
    }
}

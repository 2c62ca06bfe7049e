package io.ramzswap.attach.kernel;

import io.ramzswap.host.SwapArea;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Who uses a block device. Source: proc_swaps(5), proc_pid_mounts(5), proc_pid_fd(5).
 *
 * @param proc where procfs is
 */
record BlockDeviceUse(Path proc) {
    /** A program that looks at a device is done in a moment. */
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(1);

    /** udev looks at every device that comes up or is not swap any more; a machine that is going down has it wait. */
    private static final long PATIENCE_WITH_UDEV_MILLIS = TimeUnit.SECONDS.toMillis(20);

    /**
     * Somebody who uses a device.
     *
     * @param words what for, and what to do about it
     * @param patienceMillis how long to wait for the use to end by itself; 0 where it does not
     */
    record User(String words, long patienceMillis) {}

    /** What {@code device} is used for by anybody but this process, if it is. */
    Optional<User> find(Path device) throws IOException {
        if (isSwap(device)) {
            return Optional.of(new User("it is active swap; run swapoff " + device + " first", 0));
        }
        Optional<String> mountPoint = mountPoint(device);
        if (mountPoint.isPresent()) {
            return Optional.of(new User("it is mounted on " + mountPoint.get() + "; unmount it first", 0));
        }
        List<String> openers = openers(device);
        if (openers.isEmpty()) {
            return Optional.empty();
        }
        boolean isUdev = openers.stream().allMatch(opener -> opener.contains("udev"));
        return Optional.of(new User(
                "it is open in " + String.join(", ", openers) + "; end that first",
                isUdev ? PATIENCE_WITH_UDEV_MILLIS : PATIENCE_MILLIS));
    }

    private boolean isSwap(Path device) throws IOException {
        Path swaps = proc.resolve("swaps");
        return Files.exists(swaps)
                && Files.readAllLines(swaps).stream()
                        .skip(1)
                        .anyMatch(line -> SwapArea.pathOf(line).equals(device.toString()));
    }

    private Optional<String> mountPoint(Path device) throws IOException {
        return Files.readAllLines(proc.resolve("self/mounts")).stream()
                .filter(line -> firstField(line).equals(device.toString()))
                .map(line -> line.split(" ", 3)[1])
                .findFirst();
    }

    private static String firstField(String line) {
        return line.split("[ \t]", 2)[0];
    }

    /** Processes that have it open, as "blkid (process 17)". One that ends meanwhile does not count. */
    private List<String> openers(Path device) throws IOException {
        List<String> openers = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                String id = process.getFileName().toString();
                if (!id.equals(Long.toString(ProcessHandle.current().pid())) && hasOpen(process, device)) {
                    openers.add(command(process) + " (process " + id + ")");
                }
            }
        }
        return openers;
    }

    private static boolean hasOpen(Path process, Path device) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (leadsTo(descriptor, device)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
        return false;
    }

    private static boolean leadsTo(Path descriptor, Path device) {
        try {
            return Files.readSymbolicLink(descriptor).equals(device);
        } catch (IOException e) {
            return false;
        }
    }

    private static String command(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "a process that has just ended";
        }
    }
}

package io.ramzswap.attach.kernel;

import io.ramzswap.host.ActiveSwaps;
import io.ramzswap.host.Mounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

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

    /** What {@code device} is used for by anybody but this process, if it is, or if that cannot be ruled out. */
    Optional<User> find(Path device) throws IOException {
        if (ActiveSwaps.in(proc).contain(device.toString())) {
            return Optional.of(new User("it is active swap; run swapoff " + device + " first", 0));
        }
        Optional<String> mountPoint = Mounts.in(proc).of(device.toString());
        if (mountPoint.isPresent()) {
            return Optional.of(new User("it is mounted on " + mountPoint.get() + "; unmount it first", 0));
        }
        return new Descriptors(device).look();
    }

    private static String command(Path process) {
        try {
            // A process may be called anything, and that be no text.
            return new String(Files.readAllBytes(process.resolve("comm")), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "a process that has just ended";
        }
    }

    /** One look at what all processes have open. Those that cannot be looked at may have the device open. */
    private final class Descriptors {
        private static final int NAMED = 3;

        private final Path device;
        private final List<String> openers = new ArrayList<>();
        private final List<String> unseen = new ArrayList<>();

        Descriptors(Path device) {
            this.device = device;
        }

        Optional<User> look() throws IOException {
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
                for (Path process : processes) {
                    if (!idOf(process)
                            .equals(Long.toString(ProcessHandle.current().pid()))) {
                        look(process);
                    }
                }
            }
            if (!openers.isEmpty()) {
                boolean isUdev = openers.stream().allMatch(opener -> opener.contains("udev"));
                return Optional.of(new User(
                        "it is open in " + named(openers) + "; end that first",
                        isUdev ? PATIENCE_WITH_UDEV_MILLIS : PATIENCE_MILLIS));
            }
            return unseen.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new User(
                            "it may be open in " + named(unseen) + ", whose files cannot be looked at; that takes root"
                                    + " with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH",
                            PATIENCE_MILLIS));
        }

        private void look(Path process) {
            try {
                if (hasOpen(process.resolve("fd"))) {
                    openers.add(nameOf(process));
                }
            } catch (NoSuchFileException e) {
                // It has ended.
            } catch (IOException e) {
                // What ends while it is looked at gives errors of all kinds.
                if (Files.exists(process)) {
                    unseen.add(nameOf(process));
                }
            }
        }

        private boolean hasOpen(Path descriptors) throws IOException {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
                for (Path descriptor : all) {
                    if (leadsToDevice(descriptor)) {
                        return true;
                    }
                }
                return false;
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }

        private boolean leadsToDevice(Path descriptor) throws IOException {
            try {
                return Files.readSymbolicLink(descriptor).equals(device);
            } catch (NoSuchFileException e) {
                // It is closed by now.
                return false;
            }
        }

        /** As "blkid (process 17)". */
        private String nameOf(Path process) {
            return command(process) + " (process " + idOf(process) + ")";
        }

        private static String idOf(Path process) {
            return process.getFileName().toString();
        }

        private static String named(List<String> processes) {
            String first = processes.stream().limit(NAMED).collect(Collectors.joining(", "));
            return processes.size() > NAMED ? first + " and " + (processes.size() - NAMED) + " more" : first;
        }
    }
}

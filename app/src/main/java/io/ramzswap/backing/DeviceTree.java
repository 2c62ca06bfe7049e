package io.ramzswap.backing;

import io.ramzswap.host.ProcFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What block devices lie on, as sysfs shows it: a partition on its disk, a device of the device mapper or of md on others, a loop
 * device on a file. Source: Linux Documentation/ABI/stable/sysfs-block and testing/sysfs-block-loop, loop(4).
 *
 * @param sys where sysfs is
 */
record DeviceTree(Path sys) {
    static final DeviceTree OF_THE_KERNEL = new DeviceTree(Path.of("/sys"));

    /** The block devices of the nbd driver: Documentation/admin-guide/devices.txt of Linux. */
    private static final int NBD_MAJOR = 43;

    /** More layers than anybody puts on top of each other. */
    private static final int MOST_LAYERS = 32;

    /**
     * All that a file or device lies on, as far as that can be seen.
     *
     * @param onNbd whether a device of the nbd driver is among it
     * @param loopFiles the files behind loop devices that are among it, as the kernel names them
     */
    record Foundation(boolean onNbd, List<LoopFile> loopFiles) {}

    /** A file, and the loop device that has it. */
    record LoopFile(Path file, String loop) {}

    Foundation of(FileStatus status) {
        Search search = new Search();
        search.visit(status, 0);
        return new Foundation(search.onNbd, List.copyOf(search.files));
    }

    /** A loop device, not {@code except}, that has this file. */
    Optional<String> otherLoop(Path file, String except) throws IOException {
        Path blocks = sys.resolve("block");
        if (!Files.isDirectory(blocks)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> loops = Files.newDirectoryStream(blocks, "loop*")) {
            for (Path loop : loops) {
                String name = loop.getFileName().toString();
                Optional<Path> other = backingFile(loop);
                if (!name.equals(except) && other.isPresent() && isSame(other.get(), file)) {
                    return Optional.of("/dev/" + name);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(Path one, Path other) throws IOException {
        return one.equals(other) || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
    }

    private static Optional<Path> backingFile(Path device) {
        try {
            return ProcFile.lines(device.resolve("loop/backing_file")).stream()
                    .findFirst()
                    .map(Path::of);
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Goes down from one device. */
    private final class Search {
        private final List<LoopFile> files = new ArrayList<>();
        private boolean onNbd;

        void visit(FileStatus status, int layer) {
            visit(status.deviceMajor() + ":" + status.deviceMinor(), layer);
        }

        private void visit(String number, int layer) {
            onNbd |= number.startsWith(NBD_MAJOR + ":");
            Path device = sys.resolve("dev/block").resolve(number);
            if (layer == MOST_LAYERS || !Files.isDirectory(device)) {
                return;
            }
            try {
                Path real = device.toRealPath();
                Path whole = Files.exists(real.resolve("partition")) ? real.getParent() : real;
                Optional<Path> file = backingFile(whole);
                if (file.isPresent()) {
                    files.add(new LoopFile(file.get(), whole.getFileName().toString()));
                    visit(FileStatus.of(file.get()), layer + 1);
                }
                visitSlaves(whole.resolve("slaves"), layer + 1);
            } catch (IOException e) {
                // It is being taken down, or its file is deleted: nothing can be seen below.
            }
        }

        private void visitSlaves(Path slaves, int layer) throws IOException {
            if (!Files.isDirectory(slaves)) {
                return;
            }
            try (DirectoryStream<Path> all = Files.newDirectoryStream(slaves)) {
                for (Path slave : all) {
                    visit(Files.readString(slave.resolve("dev")).strip(), layer);
                }
            }
        }
    }
}

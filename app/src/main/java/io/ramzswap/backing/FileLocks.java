package io.ramzswap.backing;

import io.ramzswap.host.ProcFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The locks that programs hold on files, as the kernel lists them. Emulators lock the images of their disks so. Source:
 * proc_locks(5).
 *
 * @param list where it is
 */
record FileLocks(Path list) {
    static final FileLocks OF_THE_KERNEL = new FileLocks(Path.of("/proc/locks"));

    private static final int PLACE = 5;

    /** Whether somebody holds a lock of any kind on {@code file}. */
    boolean contain(Path file) throws IOException {
        if (!Files.exists(list)) {
            return false;
        }
        FileStatus status = FileStatus.of(file);
        String place = String.format(Locale.ROOT, "%02x:%02x:%d", status.deviceMajor(), status.deviceMinor(), (long)
                Files.getAttribute(file, "unix:ino"));
        return ProcFile.lines(list).stream()
                .map(line -> line.strip().split("\\s+"))
                .anyMatch(fields -> fields.length > PLACE && fields[PLACE].equals(place));
    }
}

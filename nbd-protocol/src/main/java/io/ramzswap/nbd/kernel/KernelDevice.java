package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A device of the kernel's nbd driver, as sysfs shows it at the moment of asking.
 *
 * @param index the number in its name
 */
public record KernelDevice(int index) {
    private static final Path SYSFS_BLOCK = Path.of("/sys/block");
    private static final Pattern NAME = Pattern.compile("(?:/dev/)?nbd(\\d{1,6})");
    private static final int SECTOR_BYTES = 512;
    private static final String PROCESS_FIELD = "Tgid:";

    /** All devices, by number; none where the driver is not loaded. */
    public static List<KernelDevice> list() throws IOException {
        final List<KernelDevice> devices = new ArrayList<>();
        if (Files.isDirectory(SYSFS_BLOCK)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(SYSFS_BLOCK, "nbd*")) {
                entries.forEach(entry -> parse(entry.getFileName().toString()).ifPresent(devices::add));
            }
        }
        devices.sort(Comparator.comparingInt(KernelDevice::index));
        return devices;
    }

    /** The device of a name as "nbd0" or "/dev/nbd0", whether it exists or not. */
    public static Optional<KernelDevice> parse(String name) {
        final Matcher matcher = NAME.matcher(name);
        return matcher.matches() ? Optional.of(new KernelDevice(Integer.parseInt(matcher.group(1)))) : Optional.empty();
    }

    /** As in "nbd0". */
    public String name() {
        return "nbd" + index;
    }

    /** As in "/dev/nbd0". */
    public Path path() {
        return Path.of("/dev", name());
    }

    /** Whether the driver knows the device. */
    public boolean exists() {
        return Files.isDirectory(sysfs());
    }

    /** Whether some server is attached. */
    public boolean isAttached() {
        return Files.exists(sysfs().resolve("pid"));
    }

    /**
     * The process that attached its server, while it is attached. Once that process has ended, the number of the thread of it
     * that did.
     */
    public Optional<Integer> attacherPid() {
        return attacherThread().map(thread -> processOf(thread).orElse(thread));
    }

    /**
     * Whether a server of this identifier attached it, and the thread that did has ended since, as it does with its process: the
     * driver keeps a device whose server is gone. A server that lets that thread end before looks as if it had died. Never so
     * before Linux 5.14, which tells of no identifier, nor when it was attached by ioctl.
     */
    public boolean isLeftBehind(String backendIdentifier) {
        return readLine("backend").filter(backendIdentifier::equals).isPresent()
                && attacherThread()
                        .filter(thread -> Files.notExists(Path.of("/proc", thread.toString())))
                        .isPresent();
    }

    /** The size the kernel believes in, in bytes; 0 when it is not attached. */
    public long sizeBytes() {
        return readLine("size").map(Long::parseLong).orElse(0L) * SECTOR_BYTES;
    }

    /**
     * Opens the device for this process alone: fails while it is swap, mounted or claimed by another, and keeps all these
     * from happening until it is closed.
     *
     * @throws KernelException {@link KernelException.Reason#BUSY} when somebody uses it
     */
    public DeviceClaim claim() throws IOException {
        final Libc libc = Libc.system();
        final int fd = libc.open(path().toString(), Libc.O_RDWR | Libc.O_EXCL | Libc.O_CLOEXEC, 0);
        if (fd >= 0) {
            return new DeviceClaim(libc, fd);
        }
        final int errno = libc.errno();
        if (errno == Errno.EBUSY) {
            throw new KernelException(
                    KernelException.Reason.BUSY,
                    path() + " is in use as swap, as a file system or by another program; end that first (swapoff "
                            + path() + ")");
        }
        throw new LibcException("cannot open " + path(), errno);
    }

    @Override
    public String toString() {
        return path().toString();
    }

    Path sysfs() {
        return SYSFS_BLOCK.resolve(name());
    }

    /** What sysfs shows of each of the kernel's queues. */
    Path queues() {
        return sysfs().resolve("mq");
    }

    /** What sysfs calls a process is a thread: the one that told the driver to attach. */
    private Optional<Integer> attacherThread() {
        return readLine("pid").map(Integer::valueOf);
    }

    /** The process of a thread; empty when that cannot be told, as when it has ended. Source: Linux's manual page proc_pid_status(5). */
    static Optional<Integer> processOf(int thread) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Integer.toString(thread), "status"))) {
            return lines.filter(line -> line.startsWith(PROCESS_FIELD))
                    .map(line -> Integer.valueOf(
                            line.substring(PROCESS_FIELD.length()).strip()))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> readLine(String attribute) {
        try {
            return Optional.of(Files.readString(sysfs().resolve(attribute)).strip());
        } catch (IOException e) {
            // It went away between two looks: that is the answer.
            return Optional.empty();
        }
    }
}

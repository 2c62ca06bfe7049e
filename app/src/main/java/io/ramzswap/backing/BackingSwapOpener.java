package io.ramzswap.backing;

import io.ramzswap.host.ActiveSwaps;
import io.ramzswap.libc.Errno;
import io.ramzswap.libc.Libc;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Opens a backing swap, or says why it cannot be one. What swapon refuses is refused here, too; and what could wait for the
 * memory that it is to relieve.
 *
 * <p>While it is open nobody else mounts it, swaps on it, or has it as a backing swap: a block device is opened for this
 * process alone, a file is locked.
 */
public final class BackingSwapOpener {
    private final Libc calls = Libc.system();
    private final Path path;
    private final BackingOptions options;
    private final ActiveSwaps swaps;
    private final DeviceTree tree;
    private final FileLocks locks;
    private final List<String> warnings = new ArrayList<>();

    private BackingSwapOpener(Path path, BackingOptions options, ActiveSwaps swaps, DeviceTree tree, FileLocks locks) {
        this.path = path;
        this.options = options;
        this.swaps = swaps;
        this.tree = tree;
        this.locks = locks;
    }

    /**
     * Opens it.
     *
     * @throws BackingSwapException if it cannot be used; nothing is left behind
     */
    public static BackingSwap open(Path path, BackingOptions options) throws BackingSwapException {
        return open(path, options, ActiveSwaps.ofThisMachine(), DeviceTree.OF_THE_KERNEL, FileLocks.OF_THE_KERNEL);
    }

    /** Opens it on a system where others swap on {@code swaps}, and so on. */
    static BackingSwap open(Path path, BackingOptions options, ActiveSwaps swaps, DeviceTree tree, FileLocks locks)
            throws BackingSwapException {
        return new BackingSwapOpener(path, options, swaps, tree, locks).open();
    }

    /** The size of the area at {@code path}, without taking it; empty if it cannot be seen, or is none. */
    public static OptionalLong sizeBytes(Path path) {
        ByteBuffer page = ByteBuffer.allocateDirect(AlignedMemory.PAGE_BYTES).order(ByteOrder.nativeOrder());
        try {
            FileStatus kind = FileStatus.of(path);
            if (!kind.isBlockDevice() && !kind.isRegularFile()) {
                return OptionalLong.empty();
            }
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
                file.read(page, 0);
                return OptionalLong.of(SwapHeader.slots(page, path.toString(), file.size()) * AlignedMemory.PAGE_BYTES);
            }
        } catch (IOException | BackingSwapException e) {
            return OptionalLong.empty();
        }
    }

    private BackingSwap open() throws BackingSwapException {
        try {
            refuseWhatIsSeenFromOutside();
        } catch (IOException e) {
            throw new BackingSwapException(Refusal.BACKING_FAILED, path + " cannot be looked at: " + e.getMessage(), e);
        }
        Optional<BackingSwap> opened = open(Libc.O_DIRECT);
        if (opened.isPresent()) {
            return opened.get();
        }
        warnings.add(
                path + " has no direct I/O on its file system: its pages go through the page cache, which needs memory"
                        + " when there is least; a partition or a file on ext4 or xfs is safer");
        return open(0).orElseThrow();
    }

    /** Before it is opened: to open a pipe or a tape does something, and a device of our own might wait for us. */
    private void refuseWhatIsSeenFromOutside() throws IOException, BackingSwapException {
        if (!Files.exists(path)) {
            throw new BackingSwapException(Refusal.NO_DEVICE, "there is no " + path);
        }
        FileStatus kind = FileStatus.of(path);
        if (!kind.isBlockDevice() && !kind.isRegularFile()) {
            throw new BackingSwapException(Refusal.INVALID_VALUE, path + " is neither a file nor a block device");
        }
        if (swaps.contain(path)) {
            throw new BackingSwapException(Refusal.BUSY, path + " is active swap; run swapoff " + path + " first");
        }
        DeviceTree.Foundation foundation = tree.of(kind);
        refuseNbd(foundation);
        refuseMemory(path, kind);
        for (DeviceTree.LoopFile below : foundation.loopFiles()) {
            if (Files.exists(below.file())) {
                refuseMemory(below.file(), FileStatus.of(below.file()));
            }
        }
        if (kind.isRegularFile()) {
            refuseOtherUser(path, path.toString(), "");
        } else {
            for (DeviceTree.LoopFile below : foundation.loopFiles()) {
                refuseOtherUser(below.file(), path + " lies on " + below.file() + ", which", below.loop());
            }
        }
    }

    private void refuseMemory(Path file, FileStatus status) throws IOException, BackingSwapException {
        String type = Files.getFileStore(file).type();
        if (status.isRegularFile() && (type.equals("tmpfs") || type.equals("ramfs"))) {
            throw new BackingSwapException(
                    Refusal.INVALID_VALUE,
                    path + " is in memory (" + type + "), which it would have to relieve; use a disk");
        }
    }

    /**
     * One of our own would wait for itself. One of another server's needs memory to be reached, and that server may need what
     * we are to free.
     */
    private void refuseNbd(DeviceTree.Foundation foundation) throws BackingSwapException {
        if (foundation.onNbd()) {
            throw new BackingSwapException(
                    Refusal.INVALID_VALUE,
                    path + " is, or lies on, a device of the nbd driver, which may wait for the memory that it is to"
                            + " relieve; use a disk");
        }
    }

    /**
     * What an exclusive open does not see: a file has no claim on it that a mount by way of a loop device would show.
     *
     * @param subject for messages
     * @param ownLoop the loop device by which we use it, if we do
     */
    private void refuseOtherUser(Path file, String subject, String ownLoop) throws IOException, BackingSwapException {
        Optional<String> loop = tree.otherLoop(file, ownLoop);
        if (loop.isPresent()) {
            throw new BackingSwapException(
                    Refusal.BUSY,
                    subject + " is in use behind " + loop.get() + "; end that first (losetup -d " + loop.get() + ")");
        }
        if (!ownLoop.isEmpty() && swaps.contain(file)) {
            throw new BackingSwapException(Refusal.BUSY, subject + " is active swap; run swapoff " + file + " first");
        }
        if (Files.exists(file) && locks.contain(file)) {
            throw new BackingSwapException(
                    Refusal.BUSY, subject + " is in use by another program, which has locked it; end that first");
        }
    }

    /** Claims or locks, as far as it can be, what a loop device among the layers below has, so that nobody else takes it. */
    private void holdFilesBelow(DiskFile file) throws IOException, BackingSwapException {
        for (DeviceTree.LoopFile below : tree.of(FileStatus.of(path)).loopFiles()) {
            if (Files.exists(below.file())) {
                file.hold(openBelow(below.file()));
            }
        }
    }

    private int openBelow(Path below) throws IOException, BackingSwapException {
        boolean isDevice = FileStatus.of(below).isBlockDevice();
        int fd = calls.open(below.toString(), Libc.O_CLOEXEC | (isDevice ? Libc.O_EXCL : 0), 0);
        int errno = fd < 0 ? calls.errno() : 0;
        if (fd >= 0 && !isDevice && calls.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) != 0) {
            errno = Errno.EBUSY;
            calls.close(fd);
        }
        if (errno == Errno.EBUSY) {
            throw new BackingSwapException(
                    Refusal.BUSY,
                    path + " lies on " + below + ", which is in use, mounted or claimed by another program; end that"
                            + " first");
        }
        if (errno != 0) {
            throw new BackingSwapException(
                    Refusal.BACKING_FAILED,
                    path + " lies on " + below + ", which cannot be opened: " + calls.strerror(errno));
        }
        return fd;
    }

    /** Answers nothing where direct I/O is asked for and not to be had. */
    private Optional<BackingSwap> open(int directFlag) throws BackingSwapException {
        int exclusive = Files.isRegularFile(path) ? 0 : Libc.O_EXCL;
        int fd = calls.open(path.toString(), Libc.O_RDWR | Libc.O_CLOEXEC | exclusive | directFlag, 0);
        if (fd < 0) {
            int errno = calls.errno();
            if (errno == Errno.EINVAL && directFlag != 0) {
                return Optional.empty();
            }
            throw refusal(errno);
        }
        DiskFile file = new DiskFile(fd);
        Optional<BackingSwap> opened = Optional.empty();
        try {
            opened = examine(file, fd, directFlag != 0);
            return opened;
        } finally {
            if (opened.isEmpty()) {
                file.close();
            }
        }
    }

    private BackingSwapException refusal(int errno) {
        String why = path + " cannot be used for reading and writing: " + calls.strerror(errno);
        return switch (errno) {
            case Errno.EBUSY ->
                new BackingSwapException(
                        Refusal.BUSY, path + " is in use, mounted or claimed by another program; end that first");
            case Errno.ETXTBSY ->
                new BackingSwapException(Refusal.BUSY, path + " is active swap, or a running program; end that first");
            case Errno.EPERM, Errno.EACCES, Errno.EROFS ->
                new BackingSwapException(
                        Refusal.NOT_PERMITTED,
                        why + "; it must not be read-only, and the daemon has to run as its owner or root");
            default -> new BackingSwapException(Refusal.BACKING_FAILED, why);
        };
    }

    private Optional<BackingSwap> examine(DiskFile file, int fd, boolean direct) throws BackingSwapException {
        boolean regular = Files.isRegularFile(path);
        if (regular) {
            lock(fd);
        } else {
            refuseReadOnlyDevice(fd);
            holdBelow(file);
        }
        AlignedMemory page = new AlignedMemory(1);
        int read = file.read(page, 0, AlignedMemory.PAGE_BYTES, 0);
        if (read == -Errno.EINVAL && direct) {
            return Optional.empty();
        }
        if (read < 0) {
            throw new BackingSwapException(Refusal.BACKING_FAILED, path + " cannot be read: " + calls.strerror(-read));
        }
        long bytes = calls.lseek(fd, 0, Libc.SEEK_END);
        long slots = SwapHeader.slots(page.bytes(), path.toString(), bytes);
        if (regular) {
            lookForHoles(fd, slots * AlignedMemory.PAGE_BYTES);
        }
        if (slots > Integer.MAX_VALUE) {
            throw new BackingSwapException(Refusal.INVALID_VALUE, path + " is too large: " + slots + " pages");
        }
        return Optional.of(new BackingSwap(path, file, copy(page), (int) slots, options, warnings));
    }

    private void holdBelow(DiskFile file) throws BackingSwapException {
        try {
            holdFilesBelow(file);
        } catch (IOException e) {
            throw new BackingSwapException(Refusal.BACKING_FAILED, path + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    /** One can be opened for writing all the same. */
    private void refuseReadOnlyDevice(int fd) throws BackingSwapException {
        ByteBuffer readOnly = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        if (calls.ioctl(fd, Libc.BLKROGET, Libc.address(readOnly)) == 0 && readOnly.getInt(0) != 0) {
            throw refusal(Errno.EROFS);
        }
    }

    private void lock(int fd) throws BackingSwapException {
        if (calls.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) != 0) {
            throw new BackingSwapException(
                    Refusal.BUSY, path + " is in use by another program, which has locked it; end that first");
        }
    }

    /** A hole has no place on the disk: to write there the file system must find one, and may find none. */
    private void lookForHoles(int fd, long bytes) throws BackingSwapException {
        long allocated = FileStatus.allocatedBytes(calls, fd);
        if (allocated < bytes) {
            throw new BackingSwapException(
                    Refusal.INVALID_VALUE,
                    path + " has holes: only " + (allocated >> 10) + " kB of " + (bytes >> 10)
                            + " kB are on the disk; make it with dd if=/dev/zero, then run mkswap");
        }
        long hole = calls.lseek(fd, 0, Libc.SEEK_HOLE);
        if (hole >= 0 && hole < bytes) {
            warnings.add(
                    path + " has space that was never written to, as fallocate leaves it: the first write to each part"
                            + " of it makes the file system update its own tables; dd if=/dev/zero makes a better one");
        }
    }

    private static ByteBuffer copy(AlignedMemory page) {
        return ByteBuffer.allocateDirect(AlignedMemory.PAGE_BYTES)
                .order(ByteOrder.nativeOrder())
                .put(0, page.bytes(), 0, AlignedMemory.PAGE_BYTES);
    }
}

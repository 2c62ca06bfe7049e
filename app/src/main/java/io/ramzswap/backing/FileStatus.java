package io.ramzswap.backing;

import io.ramzswap.libc.Libc;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the kernel says of a file. Source: stat(2), makedev(3) and, for what Java does not tell, statx(2).
 *
 * @param mode kind and permissions
 * @param deviceMajor the driver of the device that it is, or lies on
 * @param deviceMinor the number of that device among the driver's
 */
record FileStatus(int mode, int deviceMajor, int deviceMinor) {
    private static final int KIND_MASK = 0xf000;
    private static final int BLOCK_DEVICE = 0x6000;
    private static final int REGULAR_FILE = 0x8000;

    private static final int STATX_BLOCKS_OFFSET = 48;
    private static final int STATX_BLOCK_BYTES = 512;

    /** Without opening it. */
    static FileStatus of(Path path) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:mode,dev,rdev");
        int mode = (int) found.get("mode");
        long device = (long) found.get(isBlockDevice(mode) ? "rdev" : "dev");
        long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & 0xffff_f000L);
        long minor = (device & 0xff) | ((device >>> 12) & 0xffff_ff00L);
        return new FileStatus(mode, (int) major, (int) minor);
    }

    /** What an open file takes on its file system. */
    static long allocatedBytes(Libc calls, int fd) throws BackingSwapException {
        ByteBuffer memory = ByteBuffer.allocateDirect(Libc.STATX_LENGTH).order(ByteOrder.nativeOrder());
        int result = calls.statx(fd, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, Libc.address(memory));
        if (result != 0) {
            throw new BackingSwapException(Refusal.BACKING_FAILED, "statx: " + calls.strerror(calls.errno()));
        }
        return memory.getLong(STATX_BLOCKS_OFFSET) * STATX_BLOCK_BYTES;
    }

    private static boolean isBlockDevice(int mode) {
        return (mode & KIND_MASK) == BLOCK_DEVICE;
    }

    boolean isBlockDevice() {
        return isBlockDevice(mode);
    }

    boolean isRegularFile() {
        return (mode & KIND_MASK) == REGULAR_FILE;
    }
}

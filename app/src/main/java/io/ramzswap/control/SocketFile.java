package io.ramzswap.control;

import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What a Unix socket in the file system has to be. Source: unix(7), inode(7). */
final class SocketFile {
    /** Bytes of the longest name; the kernel takes 108 with the zero at the end. */
    static final int MAX_NAME_BYTES = 107;

    private static final int KIND_MASK = 0170000;
    private static final int SOCKET = 0140000;

    private SocketFile() {}

    /** Whether {@code path} is a socket, which neither a FIFO nor a device is. */
    static boolean isSocket(Path path, LinkOption... options) throws IOException {
        return ((int) Files.getAttribute(path, "unix:mode", options) & KIND_MASK) == SOCKET;
    }

    /**
     * Returns if the kernel takes {@code path} as the name of a socket.
     *
     * @param most bytes
     * @throws ControlSocketException INVALID_VALUE if it is too long
     */
    static void requireName(Path path, int most) throws ControlSocketException {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > most) {
            throw new ControlSocketException(
                    Refusal.INVALID_VALUE,
                    "the control socket " + path + " has a name of " + length + " bytes, and " + most
                            + " is the most there may be: name a shorter one with --control",
                    null);
        }
    }
}

package io.ramzswap.nbd.libc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A struct sockaddr_un in native memory.
 *
 * <pre>
 *  0        2                          110
 * +--------+----------------------------+
 * | family | path, closed by a zero     |
 * +--------+----------------------------+
 * </pre>
 */
public final class UnixAddress {
    /** Bytes of the struct. */
    public static final int LENGTH = 110;

    private static final int PATH_OFFSET = 2;

    private final ByteBuffer struct = ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.nativeOrder());

    /**
     * The address of a path.
     *
     * @throws IOException when the path is too long for a socket
     */
    public UnixAddress(Path path) throws IOException {
        final byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= LENGTH - PATH_OFFSET) {
            throw new IOException("socket path " + path + " is " + name.length + " bytes long; the kernel takes up to "
                    + (LENGTH - PATH_OFFSET - 1) + ": choose a shorter one");
        }
        struct.putShort(0, (short) Libc.AF_UNIX);
        struct.put(PATH_OFFSET, name);
    }

    /** Where the struct lies, as long as this object is reachable. */
    public long address() {
        return Libc.address(struct);
    }
}

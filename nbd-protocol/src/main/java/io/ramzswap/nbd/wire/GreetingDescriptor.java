package io.ramzswap.nbd.wire;

import java.nio.ByteBuffer;

/**
 * The server's first words in the newstyle handshake, and the client's answer.
 *
 * <pre>
 *  0                8                16      18
 * +----------------+----------------+-------+        client answers   0       4
 * |   "NBDMAGIC"   |   "IHAVEOPT"   | flags |                        +-------+
 * +----------------+----------------+-------+                        | flags |
 *                                                                    +-------+
 * </pre>
 *
 * <p>Source: NBD protocol document, "Newstyle negotiation" and "Fixed newstyle negotiation".
 */
public final class GreetingDescriptor {
    /** "NBDMAGIC". */
    public static final long INIT_MAGIC = 0x4e42444d41474943L;
    /** "IHAVEOPT". */
    public static final long OPTION_MAGIC = 0x49484156454F5054L;
    /** Bytes the server sends. */
    public static final int LENGTH = 18;
    /** Bytes the client answers. */
    public static final int CLIENT_FLAGS_LENGTH = 4;
    /** Handshake flag: the server speaks fixed newstyle; also the client's flag that says it does. */
    public static final int FIXED_NEWSTYLE = 1;
    /** Handshake flag: the 124 zeroes after EXPORT_NAME can be left out; also the client's flag that asks for it. */
    public static final int NO_ZEROES = 1 << 1;

    private static final int OPTION_MAGIC_OFFSET = 8;
    private static final int FLAGS_OFFSET = 16;

    private GreetingDescriptor() {}

    /** Writes the greeting with both handshake flags at {@code index}. */
    public static void put(ByteBuffer buffer, int index) {
        buffer.putLong(index, INIT_MAGIC);
        buffer.putLong(index + OPTION_MAGIC_OFFSET, OPTION_MAGIC);
        buffer.putShort(index + FLAGS_OFFSET, (short) (FIXED_NEWSTYLE | NO_ZEROES));
    }

    /** Whether a client that sent {@code flags} asked for nothing but what the greeting offered. */
    public static boolean areKnownClientFlags(int flags) {
        return (flags & ~(FIXED_NEWSTYLE | NO_ZEROES)) == 0;
    }
}

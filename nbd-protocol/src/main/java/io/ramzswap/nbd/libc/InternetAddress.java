package io.ramzswap.nbd.libc;

import java.lang.ref.Reference;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A struct sockaddr_in or sockaddr_in6 in native memory.
 *
 * <pre>
 *  0        2      4         8
 * +--------+------+---------+-------
 * | family | port | address | zeroes                        IPv4, 16 bytes
 * +--------+------+---------+-------
 *  0        2      4         8                  24        28
 * +--------+------+---------+------------------+---------+
 * | family | port |flow info|      address     |  scope  |   IPv6, 28 bytes
 * +--------+------+---------+------------------+---------+
 * </pre>
 *
 * <p>Family and scope, the number of the interface of a link-local address, are in native byte order, port and address in
 * network order.
 */
public final class InternetAddress {
    private static final int IPV4_LENGTH = 16;
    private static final int IPV6_LENGTH = 28;
    private static final int IPV4_ADDRESS_OFFSET = 4;
    private static final int IPV6_ADDRESS_OFFSET = 8;
    private static final int SCOPE_OFFSET = 24;
    private static final int PORT_OFFSET = 2;
    private static final int IPV4_ADDRESS_BYTES = 4;
    private static final int IPV6_ADDRESS_BYTES = 16;

    private final ByteBuffer struct = ByteBuffer.allocateDirect(IPV6_LENGTH);
    private final boolean ipv4;

    /** The struct of a resolved address. */
    public InternetAddress(InetSocketAddress address) {
        final byte[] bytes = address.getAddress().getAddress();
        ipv4 = bytes.length == IPV4_ADDRESS_BYTES;
        struct.order(ByteOrder.nativeOrder()).putShort(0, (short) family());
        if (address.getAddress() instanceof Inet6Address ipv6) {
            struct.putInt(SCOPE_OFFSET, ipv6.getScopeId());
        }
        struct.order(ByteOrder.BIG_ENDIAN).putShort(PORT_OFFSET, (short) address.getPort());
        struct.put(ipv4 ? IPV4_ADDRESS_OFFSET : IPV6_ADDRESS_OFFSET, bytes);
    }

    /** Address family. */
    public int family() {
        return ipv4 ? Libc.AF_INET : Libc.AF_INET6;
    }

    /** Where the struct lies, as long as this object is reachable. */
    public long address() {
        return Libc.address(struct);
    }

    /** Bytes of the struct. */
    public int length() {
        return ipv4 ? IPV4_LENGTH : IPV6_LENGTH;
    }

    /**
     * Where a socket is bound; empty when it is none of the internet.
     *
     * @throws LibcException when {@code fd} is no socket
     */
    public static Optional<InetSocketAddress> boundTo(Libc libc, int fd) throws LibcException {
        final ByteBuffer struct = ByteBuffer.allocateDirect(UnixAddress.LENGTH);
        final ByteBuffer length = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        length.putInt(0, struct.capacity());
        try {
            if (libc.getsockname(fd, Libc.address(struct), Libc.address(length)) < 0) {
                throw LibcException.of(libc, "getsockname");
            }
        } finally {
            Reference.reachabilityFence(struct);
            Reference.reachabilityFence(length);
        }
        return decode(struct);
    }

    static Optional<InetSocketAddress> decode(ByteBuffer struct) {
        final int family = struct.order(ByteOrder.nativeOrder()).getShort(0);
        final int scope = struct.getInt(SCOPE_OFFSET);
        final int port = Short.toUnsignedInt(struct.order(ByteOrder.BIG_ENDIAN).getShort(PORT_OFFSET));
        return switch (family) {
            case Libc.AF_INET -> Optional.of(decode(struct, IPV4_ADDRESS_OFFSET, IPV4_ADDRESS_BYTES, 0, port));
            case Libc.AF_INET6 -> Optional.of(decode(struct, IPV6_ADDRESS_OFFSET, IPV6_ADDRESS_BYTES, scope, port));
            default -> Optional.empty();
        };
    }

    private static InetSocketAddress decode(ByteBuffer struct, int offset, int bytes, int scope, int port) {
        final byte[] address = new byte[bytes];
        struct.get(offset, address);
        try {
            final InetAddress decoded =
                    scope == 0 ? InetAddress.getByAddress(address) : Inet6Address.getByAddress(null, address, scope);
            return new InetSocketAddress(decoded, port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes + " bytes", e);
        }
    }
}

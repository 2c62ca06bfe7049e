package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.libc.SocketOption;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** A socket to one family of the kernel's generic netlink. Confined to one thread. */
final class GenericNetlink implements AutoCloseable {
    private static final int NETLINK_GENERIC = 16;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int CONTROLLER = 16;
    private static final int GET_FAMILY = 3;
    private static final int FAMILY_ID = 1;
    private static final int FAMILY_NAME = 2;
    private static final int DATAGRAM_BYTES = 64 << 10;

    private final Libc libc;
    private final int fd;
    private final ByteBuffer datagram =
            ByteBuffer.allocateDirect(DATAGRAM_BYTES).order(ByteOrder.nativeOrder());
    private int sequence;
    private int family;

    private GenericNetlink(Libc libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /** Opens a socket to a family; empty when the kernel has none of that name. */
    static Optional<GenericNetlink> open(Libc libc, String familyName) throws IOException {
        final int fd = libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, NETLINK_GENERIC);
        if (fd < 0) {
            return Optional.empty();
        }
        try (Undo undo = new Undo()) {
            final GenericNetlink netlink = undo.with(new GenericNetlink(libc, fd), GenericNetlink::close);
            netlink.askForWords();
            return netlink.resolve(familyName) ? undo.done(Optional.of(netlink)) : Optional.empty();
        }
    }

    /** A request to the family, to be filled and given to {@link #call}. */
    NetlinkMessage newRequest(int command, int version) {
        return new NetlinkMessage(family, ++sequence, command, version);
    }

    /**
     * Sends a request and waits for its acknowledgement.
     *
     * @return the attributes of the answer
     * @throws NetlinkException when the kernel refuses
     */
    NetlinkAttributes call(NetlinkMessage request) throws IOException {
        final ByteBuffer message = request.finish();
        try {
            if (libc.send(fd, Libc.address(message), message.limit(), 0) < 0) {
                throw LibcException.of(libc, "netlink send");
            }
        } finally {
            Reference.reachabilityFence(message);
        }
        final NetlinkReply reply = new NetlinkReply(sequence);
        while (!reply.isComplete()) {
            receive();
            reply.accept(datagram);
        }
        return reply.attributes();
    }

    @Override
    public void close() {
        libc.close(fd);
    }

    private void receive() throws LibcException {
        long count;
        do {
            count = libc.recv(fd, Libc.address(datagram), datagram.capacity(), 0);
        } while (count < 0 && libc.errno() == Errno.EINTR);
        if (count < 0) {
            throw LibcException.of(libc, "netlink receive");
        }
        datagram.position(0).limit((int) count);
    }

    private boolean resolve(String name) throws IOException {
        family = CONTROLLER;
        try {
            final Optional<Integer> id =
                    call(newRequest(GET_FAMILY, 1).string(FAMILY_NAME, name)).u16(FAMILY_ID);
            family = id.orElse(0);
            return id.isPresent();
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Errors shall come with the kernel's explanation. Kernels that cannot do so refuse, and nothing is lost. */
    private void askForWords() {
        SocketOption.set(libc, fd, Libc.SOL_NETLINK, NETLINK_EXT_ACK, 1);
        SocketOption.set(libc, fd, Libc.SOL_NETLINK, NETLINK_CAP_ACK, 1);
    }
}

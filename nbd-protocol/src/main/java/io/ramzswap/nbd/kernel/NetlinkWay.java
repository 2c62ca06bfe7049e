package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Attaching by the driver's netlink family. Source: linux/nbd-netlink.h. */
final class NetlinkWay implements AttachWay {
    static final String FAMILY = "nbd";

    private static final int VERSION = 1;
    private static final int COMMAND_CONNECT = 1;
    private static final int COMMAND_DISCONNECT = 2;

    private static final int INDEX = 1;
    private static final int SIZE_BYTES = 2;
    private static final int BLOCK_SIZE_BYTES = 3;
    private static final int TIMEOUT = 4;
    private static final int SERVER_FLAGS = 5;
    private static final int SOCKETS = 7;
    private static final int SOCKET_ITEM = 1;
    private static final int SOCKET_FD = 1;
    private static final int DEAD_CONNECTION_TIMEOUT = 8;
    private static final int BACKEND_IDENTIFIER = 10;

    private final GenericNetlink netlink;
    private final KernelOptions options;
    private boolean connected;

    private NetlinkWay(GenericNetlink netlink, KernelOptions options) {
        this.netlink = netlink;
        this.options = options;
    }

    /** Empty where the kernel has no such family. */
    static Optional<AttachWay> open(Libc libc, KernelOptions options) throws IOException {
        return GenericNetlink.open(libc, FAMILY).map(netlink -> new NetlinkWay(netlink, options));
    }

    @Override
    public void connect(KernelDevice device, AttachWay.Geometry geometry, List<Integer> sockets) throws IOException {
        final NetlinkMessage request = netlink.newRequest(COMMAND_CONNECT, VERSION);
        fillConnect(request, device, geometry, sockets, options);
        try {
            netlink.call(request);
            connected = true;
        } catch (NetlinkException e) {
            throw explained(e, "attach", device);
        }
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    static void fillConnect(
            NetlinkMessage request,
            KernelDevice device,
            AttachWay.Geometry geometry,
            List<Integer> sockets,
            KernelOptions options) {
        request.u32(INDEX, device.index())
                .u64(SIZE_BYTES, geometry.sizeBytes())
                .u64(BLOCK_SIZE_BYTES, geometry.blockSizeBytes())
                .u64(TIMEOUT, options.timeoutSeconds())
                .u64(SERVER_FLAGS, geometry.transmissionFlags())
                .u64(DEAD_CONNECTION_TIMEOUT, options.deadConnectionTimeoutSeconds());
        if (!options.backendIdentifier().isEmpty()) {
            request.string(BACKEND_IDENTIFIER, options.backendIdentifier());
        }
        final int list = request.beginNested(SOCKETS);
        for (int socket : sockets) {
            final int item = request.beginNested(SOCKET_ITEM);
            request.u32(SOCKET_FD, socket).end(item);
        }
        request.end(list);
    }

    @Override
    public String failure() {
        return "";
    }

    @Override
    public void disconnect(KernelDevice device, DeviceClaim claim) throws IOException {
        try {
            abandon(device);
        } catch (NetlinkException e) {
            throw explained(e, "detach", device);
        }
    }

    @Override
    public void abandon(KernelDevice device) throws IOException {
        netlink.call(netlink.newRequest(COMMAND_DISCONNECT, VERSION).u32(INDEX, device.index()));
    }

    @Override
    public void close() {
        netlink.close();
    }

    private static IOException explained(NetlinkException e, String what, KernelDevice device) {
        return switch (e.errno()) {
            case Errno.EPERM, Errno.EACCES -> Refusal.notPermitted(what, device);
            case Errno.EBUSY -> Refusal.attached(device);
            default ->
                new KernelException(
                        KernelException.Reason.FAILED, "cannot " + what + " " + device + ": " + e.getMessage());
        };
    }
}

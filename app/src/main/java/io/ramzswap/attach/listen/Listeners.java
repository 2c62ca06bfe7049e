package io.ramzswap.attach.listen;

import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.server.AddressInUseException;
import io.ramzswap.nbd.server.InheritedListener;
import io.ramzswap.nbd.server.Listener;
import io.ramzswap.nbd.server.TcpListener;
import io.ramzswap.nbd.server.UnixListener;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;

/** Binds the sockets that {@link ListenOptions} speak of. */
final class Listeners {
    private final ListenOptions options;
    private final List<Listener> opened = new ArrayList<>();

    private Listeners(ListenOptions options) {
        this.options = options;
    }

    /**
     * Binds all of them.
     *
     * @throws OperationException if one cannot be had; then none is
     */
    static List<Listener> open(ListenOptions options) throws OperationException {
        Listeners listeners = new Listeners(options);
        try (Undo undo = new Undo()) {
            undo.step(() -> listeners.opened.forEach(Listener::close));
            for (ListenAddress address : options.addresses()) {
                listeners.open(address);
            }
            return undo.done(List.copyOf(listeners.opened));
        } catch (AddressInUseException e) {
            throw new OperationException(Refusal.BUSY, e.getMessage(), e);
        } catch (IOException e) {
            throw new OperationException(code(e), e.getMessage(), e);
        }
    }

    /** What is neither the kernel's word nor Java's is about the address that was given. */
    private static Refusal code(IOException failure) {
        return failure instanceof LibcException || failure instanceof FileSystemException
                ? Refusal.of(failure)
                : Refusal.INVALID_VALUE;
    }

    private void open(ListenAddress address) throws IOException, OperationException {
        if (address instanceof ListenAddress.Unix unix) {
            opened.add(UnixListener.listen(unix.path(), options.socketMode(), options.socketOwner()));
        } else if (address instanceof ListenAddress.Tcp tcp) {
            requireReachable(tcp.address());
            opened.add(TcpListener.listen(tcp.address()));
        } else if (address instanceof ListenAddress.Inherited) {
            opened.addAll(inherited());
        }
    }

    /** Before it is bound: nobody shall arrive who would then be sent away. */
    private void requireReachable(InetSocketAddress address) throws OperationException {
        if (address.isUnresolved()) {
            throw new OperationException(
                    Refusal.INVALID_VALUE, "cannot listen on " + address.getHostString() + ": there is no such host");
        }
        if (!address.getAddress().isLoopbackAddress()) {
            requireTls("tcp:" + address.getHostString() + ":" + address.getPort());
        }
    }

    private void requireTls(String address) throws OperationException {
        if (!options.isTlsRequired()) {
            throw new OperationException(
                    Refusal.INVALID_VALUE,
                    address + " can be reached from other machines: use --tls=require there, or a loopback address, or"
                            + " a Unix socket");
        }
    }

    private List<Listener> inherited() throws IOException, OperationException {
        List<Listener> inherited = InheritedListener.fromEnvironment(
                System.getenv(), ProcessHandle.current().pid());
        if (inherited.isEmpty()) {
            throw new OperationException(
                    Refusal.INVALID_VALUE,
                    "--listen systemd: needs a socket that was bound before (LISTEN_FDS and LISTEN_PID of this process),"
                            + " and there is none");
        }
        for (Listener listener : inherited) {
            if (listener.isPublic()) {
                requireTls(listener.address());
            }
        }
        return inherited;
    }
}

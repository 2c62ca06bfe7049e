package io.ramzswap.nbd.server;

import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.libc.SocketOption;
import io.ramzswap.nbd.libc.UnixAddress;
import io.ramzswap.nbd.transport.FdTransport;
import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Listens on a Unix socket, which it removes when it is closed. */
public final class UnixListener implements Listener {
    /** Only the owner may connect. */
    public static final int OWNER_ONLY = 0600;

    private static final int BACKLOG = 128;
    /** Takes the answers to a queue of long reads while the client is busy. */
    private static final int SOCKET_BUFFER_BYTES = 1 << 20;

    private static final int FILE_TYPE_MASK = 0170000;
    private static final int FILE_TYPE_SOCKET = 0140000;

    private final Libc libc;
    private final Path path;
    private final ListeningSocket socket;

    private UnixListener(Libc libc, Path path, int fd) {
        this.libc = libc;
        this.path = path;
        socket = new ListeningSocket(libc, fd);
    }

    /**
     * Starts listening. A socket file that a dead server left behind is replaced.
     *
     * @param mode permission bits of the socket file; it never has more, not even for a moment
     * @throws AddressInUseException when another server listens there
     * @throws IOException with the reason, as a directory that is missing or forbidden
     */
    public static UnixListener listen(Path path, int mode) throws IOException {
        return listen(path, mode, SocketOwner.WHOEVER_LISTENS);
    }

    /**
     * Starts listening on a socket that belongs to somebody else, who, as its group, can connect from the first moment on;
     * whoever owns it before cannot.
     *
     * @see #listen(Path, int)
     */
    public static UnixListener listen(Path path, int mode, SocketOwner owner) throws IOException {
        final Libc libc = Libc.system();
        final Path absolute = path.toAbsolutePath();
        if (absolute.getParent() == null) {
            throw new IOException("cannot listen on " + absolute + ": it is a directory");
        }
        final UnixAddress address = new UnixAddress(absolute);
        // Two starting servers must not both find the same file stale and one then remove the other's.
        final DirectoryLock lock = DirectoryLock.of(libc, absolute.getParent());
        try {
            removeStale(libc, absolute, address);
            return new UnixListener(libc, absolute, bind(libc, absolute, address, mode, owner));
        } finally {
            lock.close();
            Reference.reachabilityFence(address);
        }
    }

    @Override
    public Transport accept() throws IOException {
        final int fd = socket.accept();
        SocketOption.enlargeSendBuffer(libc, fd, SOCKET_BUFFER_BYTES);
        return FdTransport.watchful(libc, fd);
    }

    @Override
    public String address() {
        return "unix:" + path;
    }

    @Override
    public boolean isPublic() {
        return false;
    }

    @Override
    public void close() {
        libc.unlink(path.toString());
        socket.close();
    }

    private static void removeStale(Libc libc, Path path, UnixAddress address) throws IOException {
        if (!isSocket(path)) {
            return;
        }
        final int probe = newSocket(libc, Libc.SOCK_NONBLOCK);
        final int connected = libc.connect(probe, address.address(), UnixAddress.LENGTH);
        final int errno = connected == 0 ? 0 : libc.errno();
        libc.close(probe);
        // EAGAIN: alive, its queue full.
        if (errno == 0 || errno == Errno.EAGAIN) {
            throw new AddressInUseException("unix:" + path);
        }
        if (errno == Errno.ECONNREFUSED) {
            libc.unlink(path.toString());
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FILE_TYPE_MASK)
                        == FILE_TYPE_SOCKET;
    }

    private static int bind(Libc libc, Path path, UnixAddress address, int mode, SocketOwner owner) throws IOException {
        final int fd = newSocket(libc, 0);
        try (Undo undo = new Undo()) {
            undo.with(fd, libc::close);
            bindAndListen(libc, fd, path, address, mode, owner);
            return undo.done(fd);
        }
    }

    private static void bindAndListen(Libc libc, int fd, Path path, UnixAddress address, int mode, SocketOwner owner)
            throws IOException {
        // Linux gives the file the mode of the unbound socket, less the umask.
        if (libc.fchmod(fd, 0) < 0 || libc.bind(fd, address.address(), UnixAddress.LENGTH) < 0) {
            final int errno = libc.errno();
            throw errno == Errno.EADDRINUSE
                    ? new IOException(
                            "cannot listen on " + path
                                    + ": there is a file of that name which is no dead server's socket; remove it or choose another path")
                    : new LibcException("cannot listen on " + path, errno);
        }
        try (Undo undo = new Undo()) {
            undo.with(path.toString(), libc::unlink);
            // Nobody can connect before listen; and chmod follows a link, which a new owner could put in the file's
            // place.
            if (libc.chmod(path.toString(), mode) < 0) {
                throw LibcException.of(libc, "cannot listen on " + path);
            }
            owner.give(path);
            if (libc.listen(fd, BACKLOG) < 0) {
                throw LibcException.of(libc, "cannot listen on " + path);
            }
            undo.done(path);
        }
    }

    private static int newSocket(Libc libc, int flags) throws LibcException {
        final int fd = libc.socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | flags, 0);
        if (fd < 0) {
            throw LibcException.of(libc, "socket");
        }
        return fd;
    }
}

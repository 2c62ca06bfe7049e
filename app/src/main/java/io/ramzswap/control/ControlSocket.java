package io.ramzswap.control;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A listening socket with a name in the file system, mode 0600, that one daemon at a time has.
 *
 * <p>A lock on a file beside it ({@code NAME.lock}, mode 0600, which stays) tells a daemon that lives from a socket that was left behind:
 * the kernel drops the lock with its holder. The socket gets its mode under another name first and is then renamed, so
 * nobody finds it open to all.
 */
final class ControlSocket implements AutoCloseable {
    private static final int BACKLOG = 64;
    private static final Set<PosixFilePermission> OWNER_ALONE =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path path;
    private final FileChannel lock;
    private final ServerSocketChannel server;

    private ControlSocket(Path path, FileChannel lock, ServerSocketChannel server) {
        this.path = path;
        this.lock = lock;
        this.server = server;
    }

    /**
     * Listens at {@code path}; makes its directory if there is none, and replaces a socket that nobody listens on.
     *
     * @throws ControlSocketException if that cannot be
     */
    static ControlSocket bind(Path path) throws ControlSocketException {
        if (path.getFileName() == null || path.toString().isEmpty()) {
            throw new ControlSocketException(
                    ErrorCode.INVALID_VALUE,
                    "the control socket " + path + " cannot be made: that is no name for a file; name another one with"
                            + " --control",
                    null);
        }
        try {
            makeDirectory(path.toAbsolutePath().getParent());
            FileChannel lock = lock(path);
            try {
                refuseToReplace(path);
                return new ControlSocket(path, lock, listen(path));
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (ControlSocketException e) {
            throw e;
        } catch (AccessDeniedException e) {
            throw new ControlSocketException(
                    ErrorCode.NOT_PERMITTED,
                    "the control socket " + path + " cannot be made: no permission for " + e.getFile()
                            + "; run ramzswapd as root or name another socket with --control",
                    e);
        } catch (IOException e) {
            throw new ControlSocketException(
                    ErrorCode.INTERNAL, "the control socket " + path + " cannot be made: " + reason(e), e);
        }
    }

    private static void makeDirectory(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        Path name = sibling(path, ".lock");
        FileChannel file = FileChannel.open(
                name,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(OWNER_ALONE));
        try {
            closeToOthers(name);
            if (file.tryLock() != null) {
                return file;
            }
        } catch (OverlappingFileLockException e) {
            // Another server of this process has it: the same answer.
        } catch (IOException e) {
            file.close();
            throw e;
        }
        file.close();
        throw taken(path);
    }

    /** Who can read it can lock it, and keep us from it. What was there before may have been made open to all. */
    private static void closeToOthers(Path lock) {
        try {
            Files.setPosixFilePermissions(lock, OWNER_ALONE);
        } catch (IOException e) {
            // It is not ours. If it can be locked all the same, that does.
        }
    }

    private static void refuseToReplace(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new ControlSocketException(
                    ErrorCode.INVALID_VALUE,
                    "the control socket " + path
                            + " cannot be made: a file that is no socket has that name; remove it or"
                            + " name another one with --control",
                    null);
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
            throw taken(path);
        } catch (SocketException e) {
            // Nobody answers: what is left of a daemon that was killed.
        }
    }

    private static ControlSocketException taken(Path path) {
        return new ControlSocketException(
                ErrorCode.BUSY,
                "another daemon listens on " + path + ": stop it, or name another socket with --control",
                null);
    }

    private static ServerSocketChannel listen(Path path) throws IOException {
        Path unready = sibling(path, ".new");
        Files.deleteIfExists(unready);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(unready), BACKLOG);
            Files.setPosixFilePermissions(unready, OWNER_ALONE);
            Files.move(unready, path, StandardCopyOption.ATOMIC_MOVE);
            return server;
        } catch (IOException e) {
            server.close();
            Files.deleteIfExists(unready);
            throw e;
        }
    }

    private static Path sibling(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such directory as " + ((FileSystemException) e).getFile();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    ServerSocketChannel server() {
        return server;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try (lock;
                server) {
            Files.deleteIfExists(path);
        }
    }
}

package io.ramzswap.control;

import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
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

    private static final String LOCK = ".lock";
    private static final String DRAFT = ".new";
    private static final int MAX_NAME_BYTES = SocketFile.MAX_NAME_BYTES - DRAFT.length();
    private static final int TRIES = 3;

    private final Path path;
    private final FileChannel lock;
    private final Traces traces;
    private final ServerSocketChannel server;

    private ControlSocket(Path path, FileChannel lock, Traces traces, ServerSocketChannel server) {
        this.path = path;
        this.lock = lock;
        this.traces = traces;
        this.server = server;
    }

    /** Directories and files that were made on the way, in that order. They are removed again if nothing comes of it. */
    private static final class Traces {
        private final Deque<Path> made = new ArrayDeque<>();

        void add(Path trace) {
            made.push(trace);
        }

        void remove() {
            while (!made.isEmpty()) {
                try {
                    Files.deleteIfExists(made.pop());
                } catch (IOException e) {
                    // Somebody else has put a file into the directory: then it is his, too.
                }
            }
        }
    }

    /**
     * Listens at {@code path}; makes its directory if there is none, and replaces a socket that nobody listens on.
     *
     * @throws ControlSocketException if that cannot be
     */
    static ControlSocket bind(Path path) throws ControlSocketException {
        if (path.getFileName() == null || path.toString().isEmpty()) {
            throw new ControlSocketException(
                    Refusal.INVALID_VALUE,
                    "the control socket " + path + " cannot be made: that is no name for a file; name another one with"
                            + " --control",
                    null);
        }
        SocketFile.requireName(path, MAX_NAME_BYTES);
        Traces traces = new Traces();
        try {
            makeDirectories(path.toAbsolutePath().getParent(), traces);
            return bind(path, traces);
        } catch (ControlSocketException e) {
            traces.remove();
            throw e;
        } catch (AccessDeniedException e) {
            traces.remove();
            throw new ControlSocketException(
                    Refusal.NOT_PERMITTED,
                    "the control socket " + path + " cannot be made: no permission for " + e.getFile()
                            + "; run ramzswapd as root or name another socket with --control",
                    e);
        } catch (IOException e) {
            traces.remove();
            throw new ControlSocketException(
                    Refusal.of(e), "the control socket " + path + " cannot be made: " + reason(e), e);
        }
    }

    private static ControlSocket bind(Path path, Traces traces) throws IOException {
        FileChannel lock = lock(path, traces);
        try {
            refuseToReplace(path);
            return new ControlSocket(path, lock, traces, listen(path));
        } catch (IOException | RuntimeException e) {
            traces.remove();
            lock.close();
            throw e;
        }
    }

    private static void makeDirectories(Path directory, Traces traces) throws IOException {
        if (Files.notExists(directory)) {
            makeDirectories(directory.getParent(), traces);
            Files.createDirectory(directory);
            traces.add(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** A daemon that fails to start removes the lock it made: then the file that was locked is not the one of that name any more. */
    private static FileChannel lock(Path path, Traces traces) throws IOException {
        Path name = sibling(path, LOCK);
        for (int i = 0; i < TRIES; i++) {
            FileChannel file = tryLock(path, name, traces);
            if (isStill(name, file)) {
                return file;
            }
            file.close();
        }
        throw taken(path);
    }

    private static boolean isStill(Path name, FileChannel file) throws IOException {
        String token = ProcessHandle.current().pid() + " " + System.nanoTime() + "\n";
        file.truncate(0);
        file.write(ByteBuffer.wrap(token.getBytes(StandardCharsets.US_ASCII)));
        try {
            return Files.readString(name, StandardCharsets.US_ASCII).equals(token);
        } catch (IOException e) {
            return false;
        }
    }

    private static FileChannel tryLock(Path path, Path name, Traces traces) throws IOException {
        FileChannel file = open(name, traces);
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

    /** A FIFO of that name would be waited for. */
    private static FileChannel open(Path name, Traces traces) throws IOException {
        try {
            FileChannel made = FileChannel.open(
                    name,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_ALONE));
            traces.add(name);
            return made;
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(name, LinkOption.NOFOLLOW_LINKS)) {
                throw new ControlSocketException(
                        Refusal.INVALID_VALUE,
                        name + " is no regular file, and is needed as a lock: remove it, or name another socket with"
                                + " --control",
                        e);
            }
            return FileChannel.open(name, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        }
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
        if (!SocketFile.isSocket(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new ControlSocketException(
                    Refusal.INVALID_VALUE,
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
                Refusal.BUSY,
                "another daemon listens on " + path + ": stop it, or name another socket with --control",
                null);
    }

    private static ServerSocketChannel listen(Path path) throws IOException {
        Path unready = sibling(path, DRAFT);
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
        if (e instanceof FileSystemException ofFile && ofFile.getReason() != null) {
            return ofFile.getFile() + ": " + ofFile.getReason();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    ServerSocketChannel server() {
        return server;
    }

    Path path() {
        return path;
    }

    /** Closes it, and removes all that was made for it: it was never used. */
    void discard() throws IOException {
        try (lock;
                server) {
            Files.deleteIfExists(path);
            // Under the lock: another daemon that waits for it sees that its file is gone.
            traces.remove();
        }
    }

    @Override
    public void close() throws IOException {
        try (lock;
                server) {
            Files.deleteIfExists(path);
        }
    }
}

package io.ramzswap.backing.cipher;

import io.ramzswap.libc.Libc;
import io.ramzswap.libc.Libcrypto;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A random key that lives in this process's memory only, which the daemon has locked: on no disk, in no swap, never on the
 * heap. With it goes whatever was encrypted.
 *
 * <p>Thread-safe.
 */
public final class CipherKey implements AutoCloseable {
    private static final int KEY_BYTES = 32;
    private static final String ALGORITHM = "AES-256-GCM";

    private final Libcrypto calls;
    private final ByteBuffer key = ByteBuffer.allocateDirect(KEY_BYTES);
    private final long keyAddress = Libc.address(key);
    private final long cipher;
    private boolean closed;

    private CipherKey(Libcrypto calls, long cipher) {
        this.calls = calls;
        this.cipher = cipher;
    }

    /**
     * Draws a key.
     *
     * @throws CipherUnavailableException if this machine lacks the library or it lacks the cipher
     */
    public static CipherKey create() throws CipherUnavailableException {
        return create(Libcrypto::system);
    }

    /** Draws one on a machine with another library, or with none. */
    static CipherKey create(Supplier<Libcrypto> library) throws CipherUnavailableException {
        Libcrypto calls = load(library);
        long cipher = calls.EVP_CIPHER_fetch(0, ALGORITHM, 0);
        if (cipher == 0) {
            throw new CipherUnavailableException(Libcrypto.LIBRARY + " has no " + ALGORITHM);
        }
        CipherKey drawn = new CipherKey(calls, cipher);
        try {
            draw(drawn.key);
            return drawn;
        } catch (IOException e) {
            drawn.close();
            throw new CipherUnavailableException("the kernel gives no random numbers: " + e.getMessage(), e);
        }
    }

    /**
     * Waits, early at boot, until the kernel has collected enough (random(4), Linux 5.6). Not by getrandom(2): the C library
     * keeps a state for that in memory which the kernel may drop, and which therefore cannot be locked (Linux 6.11).
     */
    private static void draw(ByteBuffer key) throws IOException {
        try (FileChannel random = FileChannel.open(Path.of("/dev/random"))) {
            while (key.hasRemaining()) {
                if (random.read(key) < 0) {
                    throw new EOFException("/dev/random has ended");
                }
            }
        }
    }

    private static Libcrypto load(Supplier<Libcrypto> library) throws CipherUnavailableException {
        try {
            return library.get();
        } catch (LinkageError e) {
            throw new CipherUnavailableException(
                    "encryption needs " + Libcrypto.LIBRARY + " of OpenSSL 3, which is not here: install libssl3", e);
        }
    }

    /**
     * Opens it for the calling thread.
     *
     * @throws IllegalStateException if it is closed, or there is no memory
     */
    public synchronized PageCipher open() {
        if (closed) {
            throw new IllegalStateException("the key is gone");
        }
        return new PageCipher(calls, cipher, keyAddress);
    }

    /** Wipes the key. Whoever has it open still can use it until he closes that. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Libc.system().explicit_bzero(keyAddress, KEY_BYTES);
            calls.EVP_CIPHER_free(cipher);
        }
    }
}

package io.ramzswap.backing.cipher;

import io.ramzswap.libc.Libc;
import io.ramzswap.libc.Libcrypto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One thread's use of a {@link CipherKey}: encrypts some bytes and makes a tag; restores them only if bytes, tag, nonce and
 * what they were said to belong to are all the same. Memory is given by its address.
 *
 * <p>The contexts are made at the start; to encrypt a page changes nothing of them but the nonce. The nonce of 96 bits must
 * never be used twice with one key, or both pages can be read by who has no key.
 */
public final class PageCipher implements AutoCloseable {
    /** What comes on top of the bytes. */
    public static final int TAG_BYTES = 16;

    private static final int NONCE_OFFSET = 0;
    private static final int NONCE_LOW_OFFSET = 8;
    private static final int OWNER_OFFSET = 16;
    private static final int LENGTH_OFFSET = 24;
    /** What the last step of this mode would write, which is nothing. */
    private static final int REST_OFFSET = 32;

    private static final int SCRATCH_BYTES = 64;

    private final Libcrypto calls;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES).order(ByteOrder.nativeOrder());
    private final long address = Libc.address(scratch);
    private final long encryption;
    private final long decryption;

    PageCipher(Libcrypto calls, long cipher, long key) {
        this.calls = calls;
        this.encryption = calls.EVP_CIPHER_CTX_new();
        this.decryption = calls.EVP_CIPHER_CTX_new();
        if (encryption == 0
                || decryption == 0
                || calls.EVP_EncryptInit_ex(encryption, cipher, 0, key, address) != 1
                || calls.EVP_DecryptInit_ex(decryption, cipher, 0, key, address) != 1) {
            close();
            throw new IllegalStateException("no memory for encryption");
        }
    }

    /**
     * Encrypts.
     *
     * @param nonceHigh the first 64 bits of the nonce
     * @param nonceLow the other 32
     * @param owner what the bytes belong to
     * @param tag where {@link #TAG_BYTES} are written
     * @return whether it could be done, which it always can
     */
    public boolean encrypt(
            long nonceHigh, int nonceLow, long owner, long source, int length, long destination, long tag) {
        prepare(nonceHigh, nonceLow, owner);
        return calls.EVP_EncryptInit_ex(encryption, 0, 0, 0, address + NONCE_OFFSET) == 1
                && calls.EVP_EncryptUpdate(encryption, 0, address + LENGTH_OFFSET, address + OWNER_OFFSET, Long.BYTES)
                        == 1
                && calls.EVP_EncryptUpdate(encryption, destination, address + LENGTH_OFFSET, source, length) == 1
                && calls.EVP_EncryptFinal_ex(encryption, address + REST_OFFSET, address + LENGTH_OFFSET) == 1
                && calls.EVP_CIPHER_CTX_ctrl(encryption, Libcrypto.EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, tag) == 1;
    }

    /**
     * Restores what {@link #encrypt} made with the same arguments.
     *
     * @return whether it is what was encrypted; if not, what is at {@code destination} must not be used
     */
    public boolean decrypt(
            long nonceHigh, int nonceLow, long owner, long source, int length, long destination, long tag) {
        prepare(nonceHigh, nonceLow, owner);
        return calls.EVP_DecryptInit_ex(decryption, 0, 0, 0, address + NONCE_OFFSET) == 1
                && calls.EVP_DecryptUpdate(decryption, 0, address + LENGTH_OFFSET, address + OWNER_OFFSET, Long.BYTES)
                        == 1
                && calls.EVP_DecryptUpdate(decryption, destination, address + LENGTH_OFFSET, source, length) == 1
                && calls.EVP_CIPHER_CTX_ctrl(decryption, Libcrypto.EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1
                && calls.EVP_DecryptFinal_ex(decryption, address + REST_OFFSET, address + LENGTH_OFFSET) == 1;
    }

    private void prepare(long nonceHigh, int nonceLow, long owner) {
        scratch.putLong(NONCE_OFFSET, nonceHigh);
        scratch.putInt(NONCE_LOW_OFFSET, nonceLow);
        scratch.putLong(OWNER_OFFSET, owner);
    }

    /** Wipes what it knows of the key. */
    @Override
    public void close() {
        calls.EVP_CIPHER_CTX_free(encryption);
        calls.EVP_CIPHER_CTX_free(decryption);
    }
}

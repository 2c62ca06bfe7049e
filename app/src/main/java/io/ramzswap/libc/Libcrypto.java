package io.ramzswap.libc;

/**
 * Authenticated encryption by OpenSSL 3, with memory passed by address. Once a context has its cipher and key, none of these
 * calls allocates memory, and none waits.
 *
 * <p>Source: the manual pages EVP_EncryptInit(3ssl) and OPENSSL_init_crypto(3ssl).
 */
@SuppressWarnings({"checkstyle:MissingJavadocMethod", "checkstyle:MethodName"})
public interface Libcrypto {
    /** The library's name for the linker; Debian's package of it is libssl3, since Debian 13 libssl3t64. */
    String LIBRARY = "libcrypto.so.3";

    /** No file is read that would change what there is. */
    long OPENSSL_INIT_NO_LOAD_CONFIG = 0x80;

    /** Nothing is torn down at the end of the process, when other threads may still be at work. */
    long OPENSSL_INIT_NO_ATEXIT = 0x80000;

    int EVP_CTRL_AEAD_GET_TAG = 0x10;
    int EVP_CTRL_AEAD_SET_TAG = 0x11;

    int OPENSSL_init_crypto(long options, long settings);

    long EVP_CIPHER_fetch(long libraryContext, String algorithm, long properties);

    void EVP_CIPHER_free(long cipher);

    long EVP_CIPHER_CTX_new();

    void EVP_CIPHER_CTX_free(long context);

    int EVP_CIPHER_CTX_ctrl(long context, int command, int argument, long pointer);

    int EVP_EncryptInit_ex(long context, long cipher, long engine, long key, long nonce);

    int EVP_EncryptUpdate(long context, long output, long outputLength, long input, int inputLength);

    int EVP_EncryptFinal_ex(long context, long output, long outputLength);

    int EVP_DecryptInit_ex(long context, long cipher, long engine, long key, long nonce);

    int EVP_DecryptUpdate(long context, long output, long outputLength, long input, int inputLength);

    int EVP_DecryptFinal_ex(long context, long output, long outputLength);

    /**
     * The library of this machine, which takes 5 MiB once it is loaded.
     *
     * @throws UnsatisfiedLinkError if there is none
     */
    static Libcrypto system() {
        return NativeLibcrypto.LIBCRYPTO;
    }
}

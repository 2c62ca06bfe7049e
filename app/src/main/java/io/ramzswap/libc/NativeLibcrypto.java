package io.ramzswap.libc;

import jnr.ffi.LibraryLoader;

/** {@link Libcrypto} by jnr-ffi. */
final class NativeLibcrypto {
    static final Libcrypto LIBCRYPTO = load();

    /** The calls without the static method beside them; see {@link NativeLibc.Functions}. */
    public interface Functions extends Libcrypto {}

    private NativeLibcrypto() {}

    private static Libcrypto load() {
        Libcrypto loaded =
                LibraryLoader.create(Functions.class).failImmediately().load(Libcrypto.LIBRARY);
        long options = Libcrypto.OPENSSL_INIT_NO_LOAD_CONFIG | Libcrypto.OPENSSL_INIT_NO_ATEXIT;
        if (loaded.OPENSSL_init_crypto(options, 0) != 1) {
            throw new UnsatisfiedLinkError(Libcrypto.LIBRARY + " does not start");
        }
        return loaded;
    }
}

package io.ramzswap.nbd.libc;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** {@link Libc} by jnr-ffi. */
final class NativeLibc {
    static final Libc LIBC = LibraryLoader.create(Functions.class).load("c");

    /**
     * The calls without the static methods beside them, which jnr-ffi would bind as well: {@code Libc.system()} to system(3).
     * Public because generated code implements it.
     */
    public interface Functions extends Libc {}

    private NativeLibc() {}

    static int lastError() {
        return Runtime.getSystemRuntime().getLastError();
    }

    static long address(ByteBuffer direct) {
        return Pointer.wrap(Runtime.getSystemRuntime(), direct.duplicate().clear())
                .address();
    }
}

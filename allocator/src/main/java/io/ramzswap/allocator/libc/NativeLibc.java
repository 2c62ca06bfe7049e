package io.ramzswap.allocator.libc;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** {@link Libc} by jnr-ffi. */
final class NativeLibc {
    static final Libc LIBC =
            LibraryLoader.create(Functions.class).failImmediately().load("c");

    /**
     * The calls without the static methods beside them, which jnr-ffi would bind as well: {@code Libc.system()} to system(3).
     * Public because generated code implements it.
     */
    public interface Functions extends Libc {}

    private NativeLibc() {}

    static int lastError() {
        return Runtime.getSystemRuntime().getLastError();
    }

    static ByteBuffer memory(long address, int length) {
        return MemoryIO.getInstance().newDirectByteBuffer(address, length).order(ByteOrder.nativeOrder());
    }
}

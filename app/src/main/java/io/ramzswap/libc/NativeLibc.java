package io.ramzswap.libc;

import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** The C library of this process, and memory in the shape it wants. */
public final class NativeLibc {
    private static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");

    private NativeLibc() {}

    /** The C library. Loading it takes a fifth of a second the first time. */
    public static Libc libc() {
        return LIBC;
    }

    /** Where a direct buffer's first byte lies, whatever its position. Good for as long as the buffer is reachable. */
    public static long address(ByteBuffer direct) {
        return Pointer.wrap(Runtime.getSystemRuntime(), direct.duplicate().clear())
                .address();
    }

    /**
     * The address of a function of the C library's.
     *
     * @throws UnsatisfiedLinkError if it has no such function
     */
    public static long function(String name) {
        long address = Library.getDefault().getSymbolAddress(name);
        if (address == 0) {
            throw new UnsatisfiedLinkError(name);
        }
        return address;
    }

    /** Memory at an address, for as long as it is mapped. */
    public static ByteBuffer memory(long address, int length) {
        return MemoryIO.getInstance().newDirectByteBuffer(address, length).order(ByteOrder.nativeOrder());
    }

    /**
     * A {@code char *[]} that ends in NULL, and the strings behind it, in one buffer.
     *
     * @param strings bytes without their closing NUL: what the kernel hands a process need not be any character set
     */
    public static ByteBuffer stringVector(List<byte[]> strings) {
        int pointersLength = (strings.size() + 1) * Long.BYTES;
        int length =
                pointersLength + strings.stream().mapToInt(s -> s.length + 1).sum();
        ByteBuffer vector = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        long address = address(vector);
        int stringOffset = pointersLength;
        for (int i = 0; i < strings.size(); i++) {
            vector.putLong(i * Long.BYTES, address + stringOffset);
            vector.put(stringOffset, strings.get(i));
            stringOffset += strings.get(i).length + 1;
        }
        return vector;
    }
}

package io.ramzswap.allocator.libc;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.intptr_t;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;

/** {@link Libc} through jnr-ffi. */
final class NativeLibc implements Libc {
    static final NativeLibc INSTANCE = new NativeLibc();

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_NOEXEC_SEAL = 8;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_NORESERVE = 0x4001;
    private static final int FALLOC_FL_KEEP_SIZE_PUNCH_HOLE = 3;
    private static final int SEEK_END = 2;
    private static final int SC_PAGESIZE = 30;

    /** The functions under names that jnr-ffi maps to C's; public because generated code implements it. */
    @SuppressWarnings("checkstyle:MissingJavadocMethod")
    public interface Functions {
        int memfdCreate(String name, int flags);

        int open(String path, int flags);

        @off_t
        long lseek(int fd, @off_t long offset, int whence);

        int ftruncate(int fd, @off_t long bytes);

        // On pointers, because jffi 1.4.3 passes wrong arguments to functions of six plain numbers.
        Pointer mmap(Pointer address, @size_t long bytes, int protection, int flags, int fd, @off_t long offset);

        int munmap(@intptr_t long address, @size_t long bytes);

        int madvise(@intptr_t long address, @size_t long bytes, int advice);

        int fallocate(int fd, int mode, @off_t long offset, @off_t long bytes);

        int close(int fd);

        long sysconf(int name);
    }

    private final Functions functions = LibraryLoader.create(Functions.class)
            .map("memfdCreate", "memfd_create")
            .failImmediately()
            .load("c");
    private final Runtime runtime = Runtime.getRuntime(functions);

    private NativeLibc() {}

    @Override
    public int memfdCreate(String name) {
        // Kernels before 6.3 do not know the flag; later ones log a warning when it is not given.
        int fd = functions.memfdCreate(name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
        if (fd < 0 && errno() == Errno.EINVAL) {
            fd = functions.memfdCreate(name, MFD_CLOEXEC);
        }
        return fd;
    }

    @Override
    public int open(String path, int flags) {
        return functions.open(path, flags);
    }

    @Override
    public long fileBytes(int fd) {
        return functions.lseek(fd, 0, SEEK_END);
    }

    @Override
    public int ftruncate(int fd, long bytes) {
        return functions.ftruncate(fd, bytes);
    }

    @Override
    public long mapShared(int fd, long bytes) {
        return functions
                .mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED_NORESERVE, fd, 0)
                .address();
    }

    @Override
    public int munmap(long address, long bytes) {
        return functions.munmap(address, bytes);
    }

    @Override
    public int madvise(long address, long bytes, int advice) {
        return functions.madvise(address, bytes, advice);
    }

    @Override
    public int punchHole(int fd, long offset, long bytes) {
        return functions.fallocate(fd, FALLOC_FL_KEEP_SIZE_PUNCH_HOLE, offset, bytes);
    }

    @Override
    public int close(int fd) {
        return functions.close(fd);
    }

    @Override
    public long pageBytes() {
        return functions.sysconf(SC_PAGESIZE);
    }

    @Override
    public int errno() {
        return LastError.getLastError(runtime);
    }

    @Override
    public ByteBuffer buffer(long address, int bytes) {
        return MemoryIO.getInstance().newDirectByteBuffer(address, bytes);
    }
}

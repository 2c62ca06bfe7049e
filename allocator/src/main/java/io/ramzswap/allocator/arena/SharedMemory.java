package io.ramzswap.allocator.arena;

import io.ramzswap.allocator.libc.Errno;
import io.ramzswap.allocator.libc.Libc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A range of shared memory: reserved whole, populated and given back piece by piece.
 *
 * <p>It is a memfd mapped {@code MAP_SHARED}, for two reasons. The memory lives as long as somebody holds the file, so
 * another process can map and take over what a killed one left. And {@code fallocate(PUNCH_HOLE)} takes pages away even
 * from a locked mapping, where {@code madvise(MADV_DONTNEED)} and {@code MADV_REMOVE} fail with EINVAL.
 *
 * <p>A new mapping holds no memory, also under {@code mlockall(MCL_FUTURE | MCL_ONFAULT)}: pages are locked as they are
 * faulted in. (Under {@code MCL_FUTURE} alone the kernel populates all of it at once.) In an unlocked process it works
 * the same but its pages can be swapped out.
 *
 * <p>Offsets count bytes from the start of the range. Java addresses at most 2 GiB with one buffer, so the range shows
 * as slabs of {@value #SLAB_BYTES} bytes, in native byte order; nothing that is accessed as a whole may cross a slab.
 *
 * <p>Thread-safe, but for {@link #close}: no buffer of a closed range may be touched, by any thread, ever. Doing so kills
 * the process.
 */
public final class SharedMemory implements AutoCloseable {
    /** The size of a slab: 1 GiB. */
    public static final long SLAB_BYTES = 1L << 30;

    /** The page size this module is built for; other kernels are refused. */
    public static final int PAGE_BYTES = 4096;

    private static final int SLAB_SHIFT = 30;
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Libc libc;
    private final int fd;
    private final long address;
    private final long bytes;
    private final ByteBuffer[] slabs;
    private volatile boolean populateByTouch;
    private boolean closed;

    private SharedMemory(Libc libc, int fd, long address, long bytes) {
        this.libc = libc;
        this.fd = fd;
        this.address = address;
        this.bytes = bytes;
        this.slabs = new ByteBuffer[Math.toIntExact((bytes + SLAB_BYTES - 1) >>> SLAB_SHIFT)];
        for (int i = 0; i < slabs.length; i++) {
            long start = (long) i << SLAB_SHIFT;
            slabs[i] = Libc.memory(address + start, (int) Math.min(SLAB_BYTES, bytes - start));
        }
    }

    /**
     * Reserves a new range, all zero and holding no memory yet.
     *
     * @param name shown in /proc/PID/maps
     * @param bytes rounded up to whole pages
     * @throws SharedMemoryException if the kernel refuses
     */
    public static SharedMemory create(String name, long bytes) {
        return create(name, bytes, Libc.system());
    }

    /** {@link #create(String, long)} on another C library, for tests. */
    public static SharedMemory create(String name, long bytes, Libc libc) {
        long kernelPageBytes = libc.sysconf(Libc.SC_PAGESIZE);
        if (kernelPageBytes != PAGE_BYTES) {
            throw new SharedMemoryException(
                    "a kernel with pages of " + PAGE_BYTES + " bytes is needed, this one has " + kernelPageBytes);
        }
        long wholePages = (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
        if (bytes <= 0 || wholePages <= 0) {
            throw new IllegalArgumentException("cannot reserve " + bytes + " bytes");
        }
        String wanted = "cannot reserve " + bytes + " bytes of shared memory (" + name + ")";
        int fd = newFile(libc, name);
        if (fd < 0) {
            throw SharedMemoryException.of(wanted, libc.errno());
        }
        if (libc.ftruncate(fd, wholePages) < 0) {
            int errno = libc.errno();
            libc.close(fd);
            throw SharedMemoryException.of(wanted, errno);
        }
        return map(libc, fd, wholePages, wanted);
    }

    /**
     * The same with all of its memory.
     *
     * @throws SharedMemoryException if the kernel refuses; nothing is left behind
     */
    public static SharedMemory createPopulated(String name, long bytes) {
        SharedMemory memory = create(name, bytes);
        try {
            memory.populateOrThrow(0, memory.bytes());
            return memory;
        } catch (SharedMemoryException e) {
            memory.close();
            throw e;
        }
    }

    /**
     * Maps the range behind a file descriptor that another process holds or left, such as {@code /proc/PID/fd/N}.
     *
     * @throws SharedMemoryException if it cannot be opened or mapped
     */
    public static SharedMemory open(String path, Libc libc) {
        String wanted = "cannot map shared memory at " + path;
        int fd = libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw SharedMemoryException.of(wanted, libc.errno());
        }
        return map(libc, fd, libc.lseek(fd, 0, Libc.SEEK_END), wanted);
    }

    private static int newFile(Libc libc, String name) {
        // Kernels before 6.3 do not know the flag; later ones log a warning when it is not given.
        int fd = libc.memfd_create(name, Libc.MFD_CLOEXEC | Libc.MFD_NOEXEC_SEAL);
        return fd < 0 && libc.errno() == Errno.EINVAL ? libc.memfd_create(name, Libc.MFD_CLOEXEC) : fd;
    }

    private static SharedMemory map(Libc libc, int fd, long bytes, String wanted) {
        int protection = Libc.PROT_READ | Libc.PROT_WRITE;
        int flags = Libc.MAP_SHARED | Libc.MAP_NORESERVE;
        long address = bytes > 0 ? libc.mmap(0, bytes, protection, flags, fd, 0) : -1;
        if (address == -1) {
            int errno = bytes > 0 ? libc.errno() : Errno.EINVAL;
            libc.close(fd);
            throw SharedMemoryException.of(wanted, errno);
        }
        return new SharedMemory(libc, fd, address, bytes);
    }

    /** The size of the range. */
    public long bytes() {
        return bytes;
    }

    /** The file descriptor of the memory, open until {@link #close}. */
    public int fd() {
        return fd;
    }

    /** The slab that holds the byte at {@code offset}, for absolute access at {@link #position}. Shared by all. */
    public ByteBuffer slab(long offset) {
        return slabs[(int) (offset >>> SLAB_SHIFT)];
    }

    /** All slabs, in order. */
    public ByteBuffer[] slabs() {
        return slabs.clone();
    }

    /** The position in its slab of the byte at {@code offset}. */
    public static int position(long offset) {
        return (int) (offset & (SLAB_BYTES - 1));
    }

    /**
     * Brings the pages of a part of the range in, without changing what they hold; a system call or page faults.
     *
     * @return 0, or the errno: {@code ENOMEM} or {@code EFAULT} when there is no memory. Part may be populated then
     */
    public int populate(long offset, long length) {
        checkPages(offset, length);
        if (!populateByTouch) {
            if (libc.madvise(address + offset, length, Libc.MADV_POPULATE_WRITE) == 0) {
                return 0;
            }
            int errno = libc.errno();
            if (errno != Errno.EINVAL) {
                return errno;
            }
            populateByTouch = true; // Linux before 5.14
        }
        touch(offset, length);
        return 0;
    }

    /**
     * {@link #populate}, for a start that cannot go on without.
     *
     * @throws SharedMemoryException if there is no memory
     */
    public void populateOrThrow(long offset, long length) {
        int errno = populate(offset, length);
        if (errno != 0) {
            throw SharedMemoryException.of("cannot populate " + length + " bytes of shared memory", errno);
        }
    }

    private void touch(long offset, long length) {
        for (long page = offset; page < offset + length; page += PAGE_BYTES) {
            addLong(page, 0); // atomic: others may be writing to the page
        }
    }

    /**
     * Returns the memory of a part of the range to the kernel; it reads as zero afterwards.
     *
     * @return 0, or the errno
     */
    public int giveBack(long offset, long length) {
        checkPages(offset, length);
        int mode = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;
        return libc.fallocate(fd, mode, offset, length) == 0 ? 0 : libc.errno();
    }

    private void checkPages(long offset, long length) {
        if (((offset | length) & (PAGE_BYTES - 1)) != 0 || offset < 0 || length < 0 || offset + length > bytes) {
            throw new IllegalArgumentException(
                    "[" + offset + ", +" + length + "] is not whole pages within " + bytes + " bytes");
        }
    }

    /** The word at {@code offset}, a multiple of 8, as with a volatile field. */
    public long getLong(long offset) {
        return (long) LONGS.getVolatile(slab(offset), position(offset));
    }

    /** Sets the word at {@code offset}, as with a volatile field. */
    public void putLong(long offset, long value) {
        LONGS.setVolatile(slab(offset), position(offset), value);
    }

    /** The word at {@code offset}; what was written before its {@link #putLongRelease} is seen. */
    public long getLongAcquire(long offset) {
        return (long) LONGS.getAcquire(slab(offset), position(offset));
    }

    /** Sets the word at {@code offset} after all that was written before. */
    public void putLongRelease(long offset, long value) {
        LONGS.setRelease(slab(offset), position(offset), value);
    }

    /** Copies bytes within the range; neither part may cross a slab. */
    public void copy(long from, long to, int length) {
        slab(to).put(position(to), slab(from), position(from), length);
    }

    /** Sets the word at {@code offset} if it is {@code expected}. */
    public boolean compareAndSetLong(long offset, long expected, long value) {
        return LONGS.compareAndSet(slab(offset), position(offset), expected, value);
    }

    /** Sets bits of the word at {@code offset}; returns the word before. */
    public long setBits(long offset, long bits) {
        return (long) LONGS.getAndBitwiseOr(slab(offset), position(offset), bits);
    }

    /** Clears bits of the word at {@code offset}; returns the word before. */
    public long clearBits(long offset, long bits) {
        return (long) LONGS.getAndBitwiseAnd(slab(offset), position(offset), ~bits);
    }

    /** Adds to the word at {@code offset}; returns the word before. */
    public long addLong(long offset, long delta) {
        return (long) LONGS.getAndAdd(slab(offset), position(offset), delta);
    }

    /** Unmaps the range and closes its file; the memory goes with the last process that holds it. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            libc.munmap(address, bytes);
            libc.close(fd);
        }
    }
}

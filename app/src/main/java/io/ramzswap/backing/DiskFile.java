package io.ramzswap.backing;

import io.ramzswap.libc.Libc;
import java.util.ArrayList;
import java.util.List;

/** An open file descriptor. Source: pread(2). */
public final class DiskFile implements BlockFile {
    private final Libc calls = Libc.system();
    private final int fd;
    /** Held open with it, for the sake of the locks on what it lies on. */
    private final List<Integer> beneath = new ArrayList<>();

    /** Takes over {@code fd}, which {@link #close} closes. */
    public DiskFile(int fd) {
        this.fd = fd;
    }

    /** Takes over {@code other}, too, on which this file lies. Before anybody else has this object. */
    void hold(int other) {
        beneath.add(other);
    }

    @Override
    public int read(AlignedMemory memory, int position, int length, long offset) {
        long count = calls.pread(fd, memory.address() + position, length, offset);
        return count >= 0 ? (int) count : -calls.errno();
    }

    @Override
    public int write(AlignedMemory memory, int position, int length, long offset) {
        long count = calls.pwrite(fd, memory.address() + position, length, offset);
        return count >= 0 ? (int) count : -calls.errno();
    }

    @Override
    public void close() {
        calls.close(fd);
        beneath.forEach(calls::close);
    }
}

package io.ramzswap.backing;

import io.ramzswap.libc.DiskCalls;

/** An open file descriptor. Source: pread(2). */
public final class DiskFile implements BlockFile {
    private final DiskCalls calls = DiskCalls.SYSTEM;
    private final int fd;

    /** Takes over {@code fd}, which {@link #close} closes. */
    public DiskFile(int fd) {
        this.fd = fd;
    }

    @Override
    public int read(AlignedPage page, long offset) {
        long count = calls.pread(fd, page.address(), AlignedPage.BYTES, offset);
        return count >= 0 ? (int) count : -DiskCalls.errno();
    }

    @Override
    public int write(AlignedPage page, long offset) {
        long count = calls.pwrite(fd, page.address(), AlignedPage.BYTES, offset);
        return count >= 0 ? (int) count : -DiskCalls.errno();
    }

    @Override
    public void close() {
        calls.close(fd);
    }
}

package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;

/** A refusal by the kernel's side of a netlink socket, with the words it gave, if any. */
final class NetlinkException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    NetlinkException(int errno, String words) {
        super(words.isEmpty() ? LibcException.describe(errno) : LibcException.describe(errno) + " (" + words + ")");
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}

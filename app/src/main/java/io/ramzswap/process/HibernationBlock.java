package io.ramzswap.process;

import io.ramzswap.libc.Libc;

/**
 * Has the kernel refuse to hibernate for as long as this process lives. To hibernate, the kernel freezes processes and then makes
 * room in memory by swapping out; if that goes to a device of ours, it waits for a frozen daemon, and the machine hangs.
 *
 * <p>The means is a file of secret memory, without a byte in it: the kernel never hibernates while there is one, because the image
 * would hold what must not be written anywhere. Source: memfd_secret(2), {@code hibernation_available} in Linux
 * kernel/power/hibernate.c.
 */
public final class HibernationBlock {
    private final Libc libc;

    /** For this process. */
    public HibernationBlock(Libc libc) {
        this.libc = libc;
    }

    /** Takes the block. The file stays open until the process ends. */
    public Guard take() {
        if (libc.syscall(Libc.SYS_MEMFD_SECRET, Libc.O_CLOEXEC, 0, 0, 0, 0, 0) >= 0) {
            return Guard.HELD;
        }
        return Guard.missing(
                "the kernel may hibernate while this daemon serves swap, and hang: memfd_secret: " + libc.lastError()
                        + "; it needs Linux 6.5 or later, or secretmem.enable=1 on the kernel's command line");
    }
}

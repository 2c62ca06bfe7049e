package io.ramzswap.allocator.libc;

/** Error numbers of Linux in words a person can act on. */
public final class Errno {
    /** No such file or directory. */
    public static final int ENOENT = 2;
    /** Try again; for a mapping: more memory would be locked than is allowed. */
    public static final int EAGAIN = 11;
    /** Out of memory, or over a limit of it. */
    public static final int ENOMEM = 12;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** Bad address; from a populate: the page could not be brought in. */
    public static final int EFAULT = 14;
    /** Invalid argument; for an advice or a flag: this kernel does not know it. */
    public static final int EINVAL = 22;
    /** Too many open files in this process. */
    public static final int EMFILE = 24;

    private Errno() {}

    /** What {@code errno} means when memory was asked for, and what to do about it. */
    public static String describe(int errno) {
        return switch (errno) {
            case ENOENT -> "no such file";
            case EAGAIN, ENOMEM ->
                "not enough memory, or RLIMIT_MEMLOCK or the cgroup's limit is too low"
                        + " (raise LimitMEMLOCK or MemoryMax, or ask for less)";
            case EACCES -> "permission denied";
            case EFAULT -> "the kernel could not bring the page in (out of memory or over the cgroup's limit)";
            case EINVAL -> "invalid argument";
            case EMFILE -> "too many open files (raise LimitNOFILE)";
            default -> "errno " + errno;
        };
    }
}

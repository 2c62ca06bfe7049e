package io.ramzswap.nbd;

/**
 * Block size constraints, in bytes. Source: NBD protocol document, "Block size constraints".
 *
 * @param minimum a power of two up to 65,536; requests are multiples of it
 * @param preferred a power of two of at least 512 and of {@code minimum}
 * @param maximumPayload the longest READ or WRITE that is served
 */
public record BlockSize(int minimum, int preferred, int maximumPayload) {
    /** The sizes that clients assume when none are given: any alignment, 4 KiB preferred, up to 32 MiB. */
    public static final BlockSize ANY = new BlockSize(1, 4096, 32 << 20);

    /**
     * The longest payload that an export should take: what nbdkit serves, and what libnbd sends at most. It costs no memory,
     * because payloads are streamed through a connection's buffers.
     */
    public static final int LONGEST_PAYLOAD = 64 << 20;

    /** Checks the constraints of the protocol document. */
    public BlockSize {
        if (Integer.bitCount(minimum) != 1 || minimum > 1 << 16) {
            throw new IllegalArgumentException("minimum block size " + minimum + " is no power of two up to 65536");
        }
        if (Integer.bitCount(preferred) != 1 || preferred < Math.max(minimum, 512)) {
            throw new IllegalArgumentException("preferred block size " + preferred + " is no power of two >= minimum");
        }
        if (maximumPayload < preferred || maximumPayload % minimum != 0) {
            throw new IllegalArgumentException("maximum payload " + maximumPayload + " is too small or not aligned");
        }
    }
}

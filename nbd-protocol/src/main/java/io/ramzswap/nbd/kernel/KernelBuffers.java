package io.ramzswap.nbd.kernel;

/**
 * The memory between the kernel and its server.
 *
 * <p>What a sender may leave in a socket unread is a matter of safety and of speed. The kernel sends pages that go out with
 * memory of its last reserve, and our answers need some of that, too: with 1 MiB for each of two sockets, a guest whose
 * reserve is 2.5 MiB was seen to stall. But with less room than a request takes, sender and reader wait for each other all the
 * time. So it is a share of the reserve.
 *
 * @param receiveBytes of the server's buffer for requests, one for each connection
 * @param sendBytes of the server's buffer for answers, one for each connection: the kernel is told to make no READ longer than
 *     fits
 * @param unreadBytes what senders should at most leave unread in all sockets of a device, either way
 */
public record KernelBuffers(int receiveBytes, int sendBytes, long unreadBytes) {
    private static final int DEFAULT_BYTES = 256 << 10;
    /** With that many, a device with two connections was never seen to stall where the reserve is 2.5 MiB. */
    private static final int SHARES_OF_RESERVE = 20;

    private static final int LEAST_SOCKET_BYTES = 64 << 10;
    /** More brings nothing. */
    private static final int MOST_SOCKET_BYTES = 1 << 20;

    /** Checks what can be checked without the kernel. */
    public KernelBuffers {
        if (receiveBytes < 1 || sendBytes < 1 || unreadBytes < 0) {
            throw new IllegalArgumentException("buffers must be positive");
        }
    }

    /**
     * What suits swap.
     *
     * @param reserveBytes what the kernel holds back for those that free memory (vm.min_free_kbytes); 0 if that is not known.
     *     Source: Documentation/admin-guide/sysctl/vm.rst
     */
    public static KernelBuffers forReserve(long reserveBytes) {
        return new KernelBuffers(DEFAULT_BYTES, DEFAULT_BYTES, reserveBytes / SHARES_OF_RESERVE);
    }

    /** The same sockets with other buffers. */
    public KernelBuffers withServerBuffers(int bytes) {
        return new KernelBuffers(bytes, bytes, unreadBytes);
    }

    /** What each of {@code connections} sockets should take unread: from 64 KiB, however many there are, to 1 MiB. */
    public int socketBytes(int connections) {
        return (int) Math.max(LEAST_SOCKET_BYTES, Math.min(unreadBytes / connections, MOST_SOCKET_BYTES));
    }
}

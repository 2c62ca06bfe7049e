package io.ramzswap.nbd.server;

import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.SocketOption;
import java.util.concurrent.TimeUnit;

/**
 * The socket options of a TCP client's connection. Source: Linux's manual page tcp(7).
 *
 * <p>A client is asked whether it is still there after a minute of silence, and then every ten seconds, six times; and answers
 * that it does not acknowledge are waited for as long as all of that takes, and so are those that it has no room for because it
 * does not read. The kernel does not tell the two apart.
 */
final class TcpOptions {
    private static final int SILENCE_SECONDS = 60;
    private static final int ASK_EVERY_SECONDS = 10;
    private static final int ASK_TIMES = 6;
    private static final int GONE_AFTER_MILLIS =
            (int) TimeUnit.SECONDS.toMillis(SILENCE_SECONDS + ASK_EVERY_SECONDS * ASK_TIMES);

    private TcpOptions() {}

    static void set(Libc libc, int client) {
        // Answers are batched already; the kernel shall not hold them back for more.
        SocketOption.set(libc, client, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);
        SocketOption.set(libc, client, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE, 1);
        SocketOption.set(libc, client, Libc.IPPROTO_TCP, Libc.TCP_KEEPIDLE, SILENCE_SECONDS);
        SocketOption.set(libc, client, Libc.IPPROTO_TCP, Libc.TCP_KEEPINTVL, ASK_EVERY_SECONDS);
        SocketOption.set(libc, client, Libc.IPPROTO_TCP, Libc.TCP_KEEPCNT, ASK_TIMES);
        SocketOption.set(libc, client, Libc.IPPROTO_TCP, Libc.TCP_USER_TIMEOUT, GONE_AFTER_MILLIS);
    }
}

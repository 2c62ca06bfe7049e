package io.ramzswap.libc;

import java.io.IOException;
import java.nio.ByteBuffer;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/** Datagrams to Unix sockets, which the JDK does not have. */
public final class UnixDatagram {
    private UnixDatagram() {}

    /**
     * Sends one datagram.
     *
     * @param path of the socket in the file system, or a NUL and a name for one that is in none
     * @throws IOException if nobody listens there, or not to us
     */
    public static void send(String path, byte[] message) throws IOException {
        try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
            if (channel.send(ByteBuffer.wrap(message), new UnixSocketAddress(path)) != message.length) {
                throw new IOException("a datagram of " + message.length + " bytes to " + path + " was cut");
            }
        }
    }
}

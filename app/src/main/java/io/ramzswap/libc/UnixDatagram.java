package io.ramzswap.libc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;

/** Datagrams to Unix sockets, which the JDK does not have. */
public final class UnixDatagram {
    /** The library cuts a longer one without a word. */
    private static final int MAX_NAME_BYTES = 107;

    private UnixDatagram() {}

    /**
     * Sends one datagram.
     *
     * @param path of the socket in the file system, or a NUL and a name for one that is in none
     * @throws IOException if nobody listens there, or not to us
     */
    public static void send(String path, byte[] message) throws IOException {
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IOException("the name of the socket " + path + " is longer than " + MAX_NAME_BYTES + " bytes");
        }
        try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
            if (channel.send(ByteBuffer.wrap(message), new UnixSocketAddress(path)) != message.length) {
                throw new IOException("a datagram of " + message.length + " bytes to " + path + " was cut");
            }
        }
    }
}

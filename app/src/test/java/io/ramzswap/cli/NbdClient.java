package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client of the default export, with one request on its way at a time. */
final class NbdClient implements AutoCloseable {
    private final SocketChannel socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    NbdClient(Path path) throws IOException {
        socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
        in = new DataInputStream(Channels.newInputStream(socket));
        out = new DataOutputStream(Channels.newOutputStream(socket));
        in.readNBytes(18);
        out.writeInt(3); // fixed newstyle, no zeroes
        out.write("IHAVEOPT".getBytes(StandardCharsets.US_ASCII));
        out.writeInt(1); // NBD_OPT_EXPORT_NAME
        out.writeInt(0);
        in.readNBytes(10);
    }

    /** Writes, and returns the error number of the answer. */
    int write(long offset, byte[] content) throws IOException {
        request(1, offset, content.length);
        out.write(content);
        return error();
    }

    byte[] read(long offset, int length) throws IOException {
        request(0, offset, length);
        assertThat(error()).isZero();
        return in.readNBytes(length);
    }

    private void request(int command, long offset, int length) throws IOException {
        out.writeInt(0x25609513);
        out.writeInt(command);
        out.writeLong(0);
        out.writeLong(offset);
        out.writeInt(length);
    }

    private int error() throws IOException {
        assertThat(in.readInt()).isEqualTo(0x67446698);
        int error = in.readInt();
        in.readLong();
        return error;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

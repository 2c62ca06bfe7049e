package io.ramzswap.nbd;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client written down from the protocol document, knowing nothing of the server's code: numbers are literal. */
public final class TestClient implements AutoCloseable {
    public final DataInputStream in;
    private final OutputStream out;
    private final Closeable connection;
    private long nextCookie = 0x1122334455667788L;

    public TestClient(Path socket) throws IOException {
        final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
        out = new ChannelOutput(channel);
        connection = channel;
    }

    public TestClient(Socket socket) throws IOException {
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        connection = socket;
    }

    public TestClient(Process server) {
        in = new DataInputStream(server.getInputStream());
        out = server.getOutputStream();
        connection = out;
    }

    /** Unlike the JDK's, does not wait for a reader of the same channel. */
    private static final class ChannelOutput extends OutputStream {
        private final SocketChannel channel;

        ChannelOutput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            final ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    /** A reply to an option. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    public record OptionReply(int option, int type, byte[] data) {
        public ByteBuffer buffer() {
            return ByteBuffer.wrap(data);
        }

        public boolean isError() {
            return type < 0;
        }
    }

    /** A reply to a request. */
    public record Reply(int error, long cookie) {}

    /** Assembles big-endian bytes. */
    public static byte[] bytes(Writer writer) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Writes a message. */
    public interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    public void send(Writer writer) throws IOException {
        send(bytes(writer));
    }

    public void send(byte[] message) throws IOException {
        out.write(message);
        out.flush();
    }

    /** Reads the greeting and answers the flags. */
    public TestClient greet(int clientFlags) throws IOException {
        readGreeting();
        send(out -> out.writeInt(clientFlags));
        return this;
    }

    public int readGreeting() throws IOException {
        if (in.readLong() != 0x4e42444d41474943L || in.readLong() != 0x49484156454F5054L) {
            throw new IOException("no NBD greeting");
        }
        return in.readUnsignedShort();
    }

    public void option(int option, byte[] data) throws IOException {
        send(out -> {
            out.writeLong(0x49484156454F5054L);
            out.writeInt(option);
            out.writeInt(data.length);
            out.write(data);
        });
    }

    public OptionReply readOptionReply() throws IOException {
        if (in.readLong() != 0x3e889045565a9L) {
            throw new IOException("no option reply");
        }
        final int option = in.readInt();
        final int type = in.readInt();
        final byte[] data = new byte[in.readInt()];
        in.readFully(data);
        return new OptionReply(option, type, data);
    }

    /** The data of an INFO or GO. */
    public static byte[] query(String name, int... infoTypes) {
        final byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return bytes(out -> {
            out.writeInt(utf8.length);
            out.write(utf8);
            out.writeShort(infoTypes.length);
            for (int type : infoTypes) {
                out.writeShort(type);
            }
        });
    }

    /** The data of a LIST or SET_META_CONTEXT. */
    public static byte[] contextQuery(String exportName, String... queries) {
        return bytes(out -> {
            final byte[] name = exportName.getBytes(StandardCharsets.UTF_8);
            out.writeInt(name.length);
            out.write(name);
            out.writeInt(queries.length);
            for (String query : queries) {
                final byte[] text = query.getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
            }
        });
    }

    /** Goes straight to the transmission phase of the default export. */
    public TestClient go() throws IOException {
        greet(3);
        option(7, query(""));
        OptionReply reply = readOptionReply();
        while (reply.type() == 3) {
            reply = readOptionReply();
        }
        if (reply.type() != 1) {
            throw new IOException("GO refused: " + new String(reply.data(), StandardCharsets.UTF_8));
        }
        return this;
    }

    public static byte[] request(int flags, int type, long cookie, long offset, long length) {
        return request(false, flags, type, cookie, offset, length);
    }

    /** With an extended header, or a plain one. */
    public static byte[] request(boolean extended, int flags, int type, long cookie, long offset, long length) {
        return bytes(out -> {
            out.writeInt(extended ? 0x21e41c71 : 0x25609513);
            out.writeShort(flags);
            out.writeShort(type);
            out.writeLong(cookie);
            out.writeLong(offset);
            if (extended) {
                out.writeLong(length);
            } else {
                out.writeInt((int) length);
            }
        });
    }

    /** Sends a request without payload, waits for its answer and checks the cookie. */
    public int exchange(int flags, int type, long offset, long length) throws IOException {
        final long cookie = nextCookie++;
        send(request(flags, type, cookie, offset, length));
        return readReply(cookie);
    }

    public int write(int flags, long offset, byte[] payload) throws IOException {
        final long cookie = nextCookie++;
        final byte[] header = request(flags, 1, cookie, offset, payload.length);
        send(out -> {
            out.write(header);
            out.write(payload);
        });
        return readReply(cookie);
    }

    /** Reads a range that is expected to be readable. */
    public byte[] read(long offset, int length) throws IOException {
        final int error = exchange(0, 0, offset, length);
        if (error != 0) {
            throw new IOException("READ failed with error " + error);
        }
        return in.readNBytes(length);
    }

    /** Reads what follows a reply to a READ. */
    public byte[] readBytes(int length) throws IOException {
        return in.readNBytes(length);
    }

    public Reply readReply() throws IOException {
        if (in.readInt() != 0x67446698) {
            throw new IOException("no simple reply");
        }
        return new Reply(in.readInt(), in.readLong());
    }

    /** Whether the server has closed the connection and nothing was left to read. */
    public boolean isClosedByServer() throws IOException {
        try {
            in.readByte();
            return false;
        } catch (EOFException e) {
            return true;
        } catch (IOException e) {
            // The server closed with bytes of ours unread.
            return true;
        }
    }

    private int readReply(long cookie) throws IOException {
        final Reply reply = readReply();
        if (reply.cookie() != cookie) {
            throw new IOException("reply for another request");
        }
        return reply.error();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

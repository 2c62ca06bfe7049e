package io.ramzswap.nbd;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A test client that chose structured or extended replies. */
public final class ChunkClient implements AutoCloseable {
    public final TestClient client;
    private final boolean extended;

    public ChunkClient(TestServer server, boolean extended, String... contexts) throws IOException {
        this(server.connect(), extended, contexts);
    }

    /** With a client that has not said anything yet. */
    public ChunkClient(TestClient connected, boolean extended, String... contexts) throws IOException {
        this.extended = extended;
        client = connected.greet(3);
        client.option(extended ? 11 : 8, new byte[0]);
        expectAck();
        client.option(10, TestClient.contextQuery("", contexts));
        for (int i = 0; i < contexts.length; i++) {
            client.readOptionReply();
        }
        expectAck();
        client.option(7, TestClient.query(""));
        TestClient.OptionReply reply = client.readOptionReply();
        while (reply.type() == 3) {
            reply = client.readOptionReply();
        }
    }

    /** The type told for a simple reply, which a server may still give to all but READ and BLOCK_STATUS. */
    public static final int SIMPLE = -1;

    /** A chunk of a reply. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    public record Chunk(int flags, int type, long cookie, byte[] payload) {
        public boolean isDone() {
            return (flags & 1) != 0;
        }

        public ByteBuffer buffer() {
            return ByteBuffer.wrap(payload);
        }

        /** The error of an error chunk; 0 for others. */
        public int error() {
            return type == SIMPLE || type >= 0x8000 ? buffer().getInt() : 0;
        }
    }

    public void send(int flags, int type, long cookie, long offset, long length, byte... payload) throws IOException {
        client.send(out -> {
            out.write(TestClient.request(extended, flags, type, cookie, offset, length));
            out.write(payload);
        });
    }

    /** Sends a request and reads all chunks of its reply. */
    public List<Chunk> exchange(int flags, int type, long offset, long length, byte... payload) throws IOException {
        send(flags, type, 99, offset, length, payload);
        return readReply(99, offset);
    }

    public List<Chunk> write(int flags, long offset, byte... payload) throws IOException {
        return exchange(flags | (extended ? 32 : 0), 1, offset, payload.length, payload);
    }

    public List<Chunk> readReply(long cookie, long offset) throws IOException {
        final List<Chunk> chunks = new ArrayList<>();
        do {
            chunks.add(readChunk(cookie, offset));
        } while (!chunks.get(chunks.size() - 1).isDone());
        return chunks;
    }

    private Chunk readChunk(long cookie, long offset) throws IOException {
        final DataInputStream in = client.in;
        final int magic = in.readInt();
        if (magic == 0x67446698 && !extended) {
            return simple(cookie);
        }
        if (magic != (extended ? 0x6e8a278c : 0x668e33ef)) {
            throw new IOException("no chunk");
        }
        final int flags = in.readUnsignedShort();
        final int type = in.readUnsignedShort();
        if (in.readLong() != cookie || (extended && in.readLong() != offset)) {
            throw new IOException("chunk for another request");
        }
        final byte[] payload = new byte[extended ? (int) in.readLong() : in.readInt()];
        in.readFully(payload);
        return new Chunk(flags, type, cookie, payload);
    }

    private Chunk simple(long cookie) throws IOException {
        final byte[] error = client.in.readNBytes(Integer.BYTES);
        if (client.in.readLong() != cookie) {
            throw new IOException("reply to another request");
        }
        return new Chunk(1, SIMPLE, cookie, error);
    }

    /** Puts a READ's chunks together, checking that each byte is told exactly once. */
    public static byte[] assemble(List<Chunk> chunks, long offset, int length) throws IOException {
        final byte[] data = new byte[length];
        final boolean[] told = new boolean[length];
        for (Chunk chunk : chunks) {
            final ByteBuffer payload = chunk.buffer();
            if (chunk.type() == 1 || chunk.type() == 2) {
                final int start = (int) (payload.getLong() - offset);
                final int count = chunk.type() == 1 ? payload.remaining() : payload.getInt();
                if (chunk.type() == 1) {
                    payload.get(data, start, count);
                }
                for (int i = start; i < start + count; i++) {
                    if (told[i]) {
                        throw new IOException("byte " + i + " told twice");
                    }
                    told[i] = true;
                }
            } else if (chunk.type() != 0) {
                throw new IOException("error chunk " + chunk.error());
            }
        }
        for (int i = 0; i < length; i++) {
            if (!told[i]) {
                throw new IOException("byte " + i + " not told");
            }
        }
        return data;
    }

    private void expectAck() throws IOException {
        if (client.readOptionReply().type() != 1) {
            throw new IOException("option refused");
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}

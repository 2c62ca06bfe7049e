package io.ramzswap.nbd;

import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.transport.CpuLatency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A file in the place of the kernel's device for latencies: it keeps all that it was told. */
public record ToldLatencies(Path file) {
    /** How long the tests want processors to take, in microseconds. */
    public static final int WANTED = 7;

    /** What stands for as long as they like. */
    public static final int NO_LIMIT = -1;

    /** In a directory of the test's. */
    public static ToldLatencies in(Path directory) throws IOException {
        return new ToldLatencies(Files.createFile(directory.resolve("cpu_dma_latency")));
    }

    /** Opens a request, which the caller closes. */
    public CpuLatency open() throws LibcException {
        return CpuLatency.open(file, WANTED);
    }

    /** All that was told, in its order. */
    public List<Integer> all() throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        final List<Integer> told = new ArrayList<>();
        while (bytes.remaining() >= Integer.BYTES) {
            told.add(bytes.getInt());
        }
        return told;
    }

    /** What holds now. */
    public int last() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            final ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            final long position = channel.size() - Integer.BYTES;
            return position < 0 || channel.read(bytes, position) < Integer.BYTES ? NO_LIMIT : bytes.getInt(0);
        }
    }

    /** Whatever follows closely: requests of {@code client} that come byte by byte, and are answered. */
    public void untilWanted(TestClient client) throws IOException {
        repeatUntil(WANTED, () -> {
            for (byte part : TestClient.request(0, 3, 0, 0, 0)) {
                client.send(new byte[] {part});
            }
            client.in.readFully(new byte[16]);
        });
    }

    /** Waits until nobody wants it. */
    public void awaitNoLimit() throws IOException {
        repeatUntil(NO_LIMIT, () -> LockSupport.parkNanos(1_000_000));
    }

    /** Goes on with {@code step} until {@code wanted} holds; the test's time-out ends what never comes. */
    public void repeatUntil(int wanted, Step step) throws IOException {
        while (last() != wanted) {
            step.run();
        }
    }

    /** What is repeated. */
    @FunctionalInterface
    public interface Step {
        /** Once. */
        void run() throws IOException;
    }
}

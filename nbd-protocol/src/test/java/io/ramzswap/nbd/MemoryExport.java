package io.ramzswap.nbd;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An export over a byte array, which counts what it is told and fails where it is told to. */
public final class MemoryExport implements Export {
    public static final int ALL_FLAGS = TransmissionFlag.SEND_FLUSH
            | TransmissionFlag.SEND_FUA
            | TransmissionFlag.SEND_TRIM
            | TransmissionFlag.SEND_WRITE_ZEROES
            | TransmissionFlag.CAN_MULTI_CONN;

    /** What a block is full of that was given up, or whose write failed. */
    public static final byte LOST = (byte) 0xEE;

    public final byte[] bytes;
    public final AtomicInteger flushes = new AtomicInteger();
    public final AtomicInteger writes = new AtomicInteger();
    public final AtomicInteger trims = new AtomicInteger();
    public final AtomicInteger invalid = new AtomicInteger();
    public final AtomicInteger openSessions = new AtomicInteger();
    /** Reads and writes that touch this byte fail; -1 for none. */
    public volatile long badByte = -1;

    /** Whatever reads or changes this byte waits for {@link #arrival}; -1 for none. */
    public volatile long farByte = -1;

    /** Whatever reads or changes this byte breaks down with {@link #breakdown}; -1 for none. */
    public volatile long brokenByte = -1;

    /** What is thrown then: no {@code Exception} that has to be declared. */
    public volatile Throwable breakdown = new IllegalStateException("meant to be");

    public final CountDownLatch arrival = new CountDownLatch(1);

    /** How long a read dwells on what it has read: room for others to slip in. */
    public volatile long pauseAfterReadNanos;

    private final String name;
    private final int flags;
    private final BlockSize blockSize;

    public MemoryExport(int sizeBytes, int minimumBlock) {
        this("test", sizeBytes, ALL_FLAGS, new BlockSize(minimumBlock, Math.max(minimumBlock, 4096), 32 << 20));
    }

    public MemoryExport(String name, int sizeBytes, int flags, BlockSize blockSize) {
        this.name = name;
        bytes = new byte[sizeBytes];
        this.flags = flags;
        this.blockSize = blockSize;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "a byte array";
    }

    @Override
    public long sizeBytes() {
        return bytes.length;
    }

    @Override
    public int transmissionFlags() {
        return flags;
    }

    @Override
    public BlockSize blockSize() {
        return blockSize;
    }

    @Override
    public Optional<String> stateContext() {
        return Optional.of("x-test:state");
    }

    @Override
    public ExportSession open() {
        openSessions.incrementAndGet();
        return new Session();
    }

    private boolean isBad(long offset, long length) {
        return badByte >= offset && badByte < offset + length;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void breakDown(Throwable failure) throws E {
        throw (E) failure;
    }

    private final class Session implements ExportSession {
        private Runnable beforeWaiting = () -> {};

        @Override
        public void beforeWaiting(Runnable task) {
            beforeWaiting = task;
        }

        private void fetch(long offset, long length) {
            if (brokenByte >= offset && brokenByte < offset + length) {
                MemoryExport.<RuntimeException>breakDown(breakdown);
            }
            if (farByte >= offset && farByte < offset + length) {
                beforeWaiting.run();
                try {
                    arrival.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public int read(long offset, int length, ByteBuffer destination, int position) {
            fetch(offset, length);
            destination.put(position, bytes, (int) offset, length);
            if (pauseAfterReadNanos > 0) {
                LockSupport.parkNanos(pauseAfterReadNanos);
            }
            return isBad(offset, length) ? NbdError.EIO : NbdError.OK;
        }

        @Override
        public int write(long offset, int length, ByteBuffer source, int position) {
            writes.incrementAndGet();
            fetch(offset, length);
            if (isBad(offset, length)) {
                giveUp(offset, length);
                return NbdError.ENOSPC;
            }
            source.get(position, bytes, (int) offset, length);
            return NbdError.OK;
        }

        @Override
        public void giveUp(long offset, long length) {
            Arrays.fill(bytes, (int) offset, (int) (offset + length), LOST);
        }

        @Override
        public int trim(long offset, long length) {
            trims.incrementAndGet();
            return writeZeroes(offset, length);
        }

        @Override
        public int writeZeroes(long offset, long length) {
            fetch(offset, length);
            Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) 0);
            return NbdError.OK;
        }

        @Override
        public int flush() {
            flushes.incrementAndGet();
            return NbdError.OK;
        }

        @Override
        public long extent(long offset, long length) {
            final int block = Math.max(blockSize.minimum(), 512);
            final int first = allocation(offset, block);
            long run = block - offset % block;
            while (run < length && allocation(offset + run, block) == first) {
                run += block;
            }
            return Extent.of(Math.min(run, length), first, first == 0 ? 7 : 8);
        }

        private int allocation(long offset, int block) {
            final int start = (int) (offset / block * block);
            for (int i = start; i < Math.min(bytes.length, start + block); i++) {
                if (bytes[i] != 0) {
                    return 0;
                }
            }
            return Extent.HOLE | Extent.ZERO;
        }

        @Override
        public void invalidRequest() {
            invalid.incrementAndGet();
        }

        @Override
        public void close() {
            openSessions.decrementAndGet();
        }
    }
}

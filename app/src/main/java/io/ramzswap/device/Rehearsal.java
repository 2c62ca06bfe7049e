package io.ramzswap.device;

import static io.ramzswap.device.DeviceSettings.PAGE_SIZE;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.BackingSwapException;
import io.ramzswap.backing.BlockFile;
import io.ramzswap.backing.DiskFile;
import io.ramzswap.backing.SwapHeader;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.libc.Errno;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.helped.HelpedExport;
import io.ramzswap.nbd.kernel.KernelOptions;
import io.ramzswap.nbd.kernel.LoopbackConnection;
import io.ramzswap.nbd.wire.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes pages of every kind along every way before the kernel does, through the same sockets and threads, on a device that
 * is thrown away. The first time along a way needs memory: classes are read from their files, and code is compiled. That
 * must not come when the kernel has no memory left but what it waits to get from us.
 *
 * <p>Once a process is enough for each allocator and compressor, and once more for each way to use a backing swap.
 * Thread-safe.
 */
public final class Rehearsal {
    private static final DeviceSettings SETTINGS = new DeviceSettings(2 << 20, 1 << 20, true);
    private static final int SLOTS = SETTINGS.slots();
    /** So many that the way is compiled, and compiled anew where the first guess was wrong. */
    private static final int ROUNDS = 24;

    private static final int PAGES_A_BATCH = 8;
    private static final int PAGES_A_LONG_REQUEST = 32;
    /** Two threads carry one out, and what they have to agree on is run once a page. */
    private static final int LONG_REQUESTS_A_ROUND = 4;

    private static final int KINDS = 5;
    /** Room for a long request; there are eight such buffers at a time. */
    private static final int BUFFER_BYTES = (PAGES_A_LONG_REQUEST + 4) * PAGE_SIZE;

    private final KernelOptions options;
    private final ThreadFactory serving;
    private final ThreadFactory keeping;
    private final Set<Way> rehearsed = new HashSet<>();

    /** What makes a difference to what is run. */
    private record Way(AllocatorKind allocator, CompressorKind compressor, Optional<BackingOptions> backing) {}

    private boolean isUnneeded;

    /**
     * Nothing is run yet.
     *
     * @param options how the kernel will be served
     * @param serving makes the threads that will serve it
     * @param keeping makes the threads that a device has of its own
     */
    public Rehearsal(KernelOptions options, ThreadFactory serving, ThreadFactory keeping) {
        this.options = options.withBuffers(options.buffers().withServerBuffers(BUFFER_BYTES));
        this.serving = serving;
        this.keeping = keeping;
    }

    /** One that finds everything rehearsed. */
    public static Rehearsal none() {
        Rehearsal rehearsal = new Rehearsal(KernelOptions.forSwap(), Thread::new, Thread::new);
        rehearsal.isUnneeded = true;
        return rehearsal;
    }

    /**
     * Sees to it that devices of this allocator and compressor have been rehearsed; a second or less.
     *
     * @param backing how their backing swap is used, if they have one
     */
    public synchronized void ensure(
            AllocatorKind allocator, CompressorKind compressor, Optional<BackingOptions> backing)
            throws DeviceException {
        if (isUnneeded) {
            return;
        }
        DeviceSettings settings = SETTINGS.withAllocator(allocator).withCompressor(compressor);
        Way way = new Way(allocator, compressor, Optional.empty());
        if (!rehearsed.contains(way)) {
            rehearse(settings, Optional.empty());
            rehearsed.add(way);
        }
        Way backed = new Way(allocator, compressor, backing);
        if (backing.isPresent() && !rehearsed.contains(backed)) {
            try (SharedMemory disk = SharedMemory.create("ramzswap-rehearsal", SETTINGS.diskSizeBytes())) {
                rehearse(settings, Optional.of(backing(disk, backing.get())));
                rehearsed.add(backed);
            } catch (SharedMemoryException | BackingSwapException e) {
                throw new DeviceException("serving could not be rehearsed: " + e.getMessage(), e);
            }
        }
    }

    private void rehearse(DeviceSettings settings, Optional<BackingSwap> backing) throws DeviceException {
        try (RamzswapDevice device = RamzswapDevice.create("rehearsal", settings, backing, keeping);
                HelpedExport export =
                        new HelpedExport(device, Runtime.getRuntime().availableProcessors(), serving)) {
            run(export);
        } catch (IOException e) {
            throw new DeviceException("serving could not be rehearsed: " + e.getMessage(), e);
        }
        // Its buffers are garbage now: those of the real connections are to get their memory, rather than more.
        System.gc();
    }

    /** Read and written by the system calls that a disk is, but in memory. */
    private static BackingSwap backing(SharedMemory disk, BackingOptions options) throws BackingSwapException {
        BlockFile file = new MemoryFile(new DiskFile(disk.fd()), new AtomicInteger());
        return new BackingSwap(Path.of("rehearsal"), file, SwapHeader.of(SLOTS), SLOTS, options, List.of());
    }

    /** Fails now and then, so that this, too, has happened before. The memory closes its descriptor itself. */
    private record MemoryFile(DiskFile file, AtomicInteger requests) implements BlockFile {
        private static final int REQUESTS_A_FAILURE = 61;

        @Override
        public int read(AlignedMemory memory, int position, int length, long offset) {
            return fails() ? -Errno.EIO : file.read(memory, position, length, offset);
        }

        @Override
        public int write(AlignedMemory memory, int position, int length, long offset) {
            return fails() ? -Errno.EIO : file.write(memory, position, length, offset);
        }

        private boolean fails() {
            return requests.incrementAndGet() % REQUESTS_A_FAILURE == 0;
        }

        @Override
        public void close() {}
    }

    private void run(Export export) throws IOException {
        try (LoopbackConnection first = LoopbackConnection.open(export, options, serving);
                LoopbackConnection second = LoopbackConnection.open(export, options, serving)) {
            Random random = new Random(1);
            ByteBuffer pages = ByteBuffer.allocateDirect(PAGES_A_LONG_REQUEST * PAGE_SIZE);
            for (int round = 0; round < ROUNDS; round++) {
                for (int slot = 0; slot < SLOTS; slot += 2 * PAGES_A_BATCH) {
                    fill(pages, random);
                    writeAndRead(first, slot, second, slot + PAGES_A_BATCH, pages);
                }
                for (int i = 0; i < LONG_REQUESTS_A_ROUND; i++) {
                    longRequests(first, pages);
                }
                free(second);
            }
        }
    }

    /** Both connections have work at the same time. */
    private static void writeAndRead(
            LoopbackConnection first, int firstSlot, LoopbackConnection second, int secondSlot, ByteBuffer pages)
            throws IOException {
        sendWrites(first, firstSlot, pages);
        sendWrites(second, secondSlot, pages);
        awaitAll(first);
        awaitAll(second);
        sendReads(first, firstSlot);
        sendReads(second, secondSlot);
        awaitReads(first, pages);
        awaitReads(second, pages);
    }

    private static void sendWrites(LoopbackConnection connection, int slot, ByteBuffer pages) throws IOException {
        for (int i = 0; i < PAGES_A_BATCH; i++) {
            connection.addWrite(offset(slot + i), PAGE_SIZE, pages, i * PAGE_SIZE);
        }
        connection.send();
    }

    private static void sendReads(LoopbackConnection connection, int slot) throws IOException {
        for (int i = 0; i < PAGES_A_BATCH; i++) {
            connection.add(Command.READ, offset(slot + i), PAGE_SIZE);
        }
        connection.send();
    }

    private static void awaitAll(LoopbackConnection connection) throws IOException {
        for (int i = 0; i < PAGES_A_BATCH; i++) {
            connection.await();
        }
    }

    private static void awaitReads(LoopbackConnection connection, ByteBuffer pages) throws IOException {
        for (int i = 0; i < PAGES_A_BATCH; i++) {
            connection.awaitData(PAGE_SIZE, pages, i * PAGE_SIZE);
        }
    }

    private static void longRequests(LoopbackConnection connection, ByteBuffer pages) throws IOException {
        connection.addWrite(0, pages.capacity(), pages, 0);
        connection.add(Command.READ, 0, pages.capacity());
        connection.send();
        connection.await();
        connection.awaitData(pages.capacity(), pages, 0);
    }

    /** The last one is out of place, and refused. */
    private static void free(LoopbackConnection connection) throws IOException {
        int half = (int) SETTINGS.diskSizeBytes() / 2;
        connection.add(Command.FLUSH, 0, 0);
        connection.add(Command.TRIM, 0, half);
        connection.add(Command.WRITE_ZEROES, half, half);
        connection.add(Command.READ, SETTINGS.diskSizeBytes(), PAGE_SIZE);
        connection.send();
        for (int i = 0; i < 4; i++) {
            connection.await();
        }
    }

    /** Zeroes, one word, compressible or not: more of it than the device can hold, so that it refuses, too. */
    private static void fill(ByteBuffer pages, Random random) {
        for (int page = 0; page < PAGES_A_LONG_REQUEST; page++) {
            fill(pages, page, random);
        }
    }

    private static void fill(ByteBuffer pages, int page, Random random) {
        int kind = page % KINDS;
        long word = kind == 0 ? 0 : random.nextLong();
        for (int at = 0; at < PAGE_SIZE; at += Long.BYTES) {
            pages.putLong(page * PAGE_SIZE + at, word);
            if ((kind == 2 && at < PAGE_SIZE / 2) || kind > 2) {
                word = random.nextLong();
            }
        }
    }

    private static long offset(int slot) {
        return (long) slot * PAGE_SIZE;
    }
}

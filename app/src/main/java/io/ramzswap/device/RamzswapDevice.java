package io.ramzswap.device;

import io.ramzswap.allocator.arena.ArenaStatistics;
import io.ramzswap.compress.Lz4;
import io.ramzswap.frontswap.Backend;
import io.ramzswap.frontswap.Frontswap;
import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.TransmissionFlag;
import io.ramzswap.zcache.CompressedStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * A ramzswap device: pages in compressed memory behind the face of a block device, with the header of a swap area on its
 * first page.
 *
 * <p>Thread-safe. Its memory is made ready before the first request and stays until {@link #close}.
 */
public final class RamzswapDevice implements Export, AutoCloseable {
    private static final int PAGE_SIZE = DeviceSettings.PAGE_SIZE;
    private static final int MAX_PAYLOAD_BYTES = 32 << 20;
    private static final BlockSize BLOCK_SIZE = new BlockSize(PAGE_SIZE, PAGE_SIZE, MAX_PAYLOAD_BYTES);

    private final String name;
    private final DeviceSettings settings;
    private final TrimMode trim;
    private final DeviceMemory memory;
    private final Backend frontswap;
    private final CounterRegistry counters = new CounterRegistry();

    private RamzswapDevice(String name, DeviceSettings settings, TrimMode trim, DeviceMemory memory) {
        this.name = name;
        this.settings = settings;
        this.trim = trim;
        this.memory = memory;
        this.frontswap = new Frontswap(List.of(new CompressedStore(memory.arena(), memory.allocator())));
    }

    /**
     * Makes a device: its tables are populated, its reserve is filled, its swap header is written.
     *
     * @param name the export's name
     * @param threads makes the thread that keeps the reserve filled
     * @throws DeviceException if memory for it cannot be had, the memory limit leaves no room for pages, or the native
     *     compressor is missing; nothing is left behind
     */
    public static RamzswapDevice create(String name, DeviceSettings settings, ThreadFactory threads)
            throws DeviceException {
        return create(name, settings, TrimMode.OFFERED, threads);
    }

    /** As {@link #create(String, DeviceSettings, ThreadFactory)}, with or without TRIM. */
    public static RamzswapDevice create(String name, DeviceSettings settings, TrimMode trim, ThreadFactory threads)
            throws DeviceException {
        requireCompressor();
        RamzswapDevice device = new RamzswapDevice(name, settings, trim, DeviceMemory.create(settings, threads));
        device.writeSwapHeader();
        return device;
    }

    private static void requireCompressor() throws DeviceException {
        try {
            Lz4.requireNative();
        } catch (IllegalStateException e) {
            throw new DeviceException(e.getMessage(), e);
        }
    }

    /** There is room for it: {@link DeviceMemory} has seen to that. */
    private void writeSwapHeader() {
        try (DeviceSession session = openSession()) {
            if (session.writePage(0, SwapHeader.of(settings.slots()), 0) != NbdError.OK) {
                throw new IllegalStateException("no room for the swap header of " + name);
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "ramzswap: compressed memory";
    }

    @Override
    public long sizeBytes() {
        return settings.diskSizeBytes();
    }

    @Override
    public int transmissionFlags() {
        return TransmissionFlag.HAS_FLAGS
                | TransmissionFlag.SEND_FLUSH
                | TransmissionFlag.SEND_FUA
                | (trim == TrimMode.OFFERED ? TransmissionFlag.SEND_TRIM : 0)
                | TransmissionFlag.SEND_WRITE_ZEROES
                | TransmissionFlag.SEND_CACHE
                | TransmissionFlag.SEND_FAST_ZERO
                | TransmissionFlag.CAN_MULTI_CONN;
    }

    @Override
    public BlockSize blockSize() {
        return BLOCK_SIZE;
    }

    @Override
    public Optional<String> stateContext() {
        return Optional.of(PageState.CONTEXT);
    }

    @Override
    public ExportSession open() {
        return openSession();
    }

    private DeviceSession openSession() {
        return new DeviceSession(counters, memory.tables(), frontswap.open());
    }

    /** Opens the device for the one thread that is told of freed slots; it must be closed before the device is. */
    public SlotFrees openSlotFrees() {
        return new SlotFrees(openSession(), settings.slots());
    }

    /** What the device was made with. */
    public DeviceSettings settings() {
        return settings;
    }

    /** The sessions that are open now. */
    public int openSessions() {
        return counters.openCount();
    }

    DeviceMemory memory() {
        return memory;
    }

    /** The device in figures. Does not disturb I/O. */
    public DeviceStatistics statistics() {
        long stored = Math.max(0, counters.sum(Counter.STORED_PAGES));
        long used = memory.usedBytes();
        ArenaStatistics arena = memory.arena().statistics();
        return new DeviceStatistics(
                settings.diskSizeBytes(),
                settings.memLimitGiven() ? settings.memLimitBytes() : 0,
                counters.sum(Counter.NUM_READS),
                counters.sum(Counter.NUM_WRITES),
                counters.sum(Counter.FAILED_READS),
                counters.sum(Counter.FAILED_WRITES),
                counters.sum(Counter.INVALID_IO),
                counters.sum(Counter.NOTIFY_FREE),
                Math.max(0, counters.sum(Counter.FILLED_PAGES)),
                percent(counters.sum(Counter.GOOD_COMPRESS_PAGES), stored),
                percent(counters.sum(Counter.RAW_PAGES), stored),
                stored,
                used / PAGE_SIZE,
                stored * PAGE_SIZE,
                Math.max(0, counters.sum(Counter.COMPRESSED_BYTES)),
                used,
                counters.sum(Counter.CORRUPT_PAGES),
                memory.ceilingBytes(),
                arena.reserveFrames() * PAGE_SIZE,
                arena.reserveWaits(),
                memory.compactionPauses(),
                counters.sum(Counter.EVENT_FREE));
    }

    private static int percent(long part, long whole) {
        return whole == 0 ? 0 : (int) Math.max(0, part * 100 / whole);
    }

    /**
     * Gives the device's memory back. Whoever calls this has made sure that nobody opens the device any more.
     *
     * @throws IllegalStateException if a session is open; the device stays as it is
     */
    @Override
    public void close() {
        int open = openSessions();
        if (open != 0) {
            throw new IllegalStateException(name + " cannot be closed: " + open + " sessions are open");
        }
        memory.close();
    }
}

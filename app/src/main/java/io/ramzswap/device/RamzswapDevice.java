package io.ramzswap.device;

import io.ramzswap.allocator.arena.ArenaStatistics;
import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.SwapHeader;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.TransmissionFlag;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.table.PageTable;
import io.ramzswap.tier.Chain;
import io.ramzswap.tier.Tier;
import io.ramzswap.writeback.WriteBack;
import io.ramzswap.writeback.WriteBackLimits;
import io.ramzswap.writeback.WriteBackOrder;
import io.ramzswap.zcache.CompressedStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;

/**
 * A ramzswap device: pages in compressed memory behind the face of a block device, with the header of a swap area on its
 * first page.
 *
 * <p>Thread-safe. Its memory is made ready before the first request and stays until {@link #close}.
 */
public final class RamzswapDevice implements SwapExport, AutoCloseable {
    private static final int PAGE_SIZE = DeviceSettings.PAGE_SIZE;
    private static final BlockSize BLOCK_SIZE = new BlockSize(PAGE_SIZE, PAGE_SIZE, BlockSize.LONGEST_PAYLOAD);

    private final String name;
    private final TrimMode trim;
    private final DeviceMemory memory;
    private final Optional<BackingTier> backing;
    private final CompressorChoice compressors;
    private final Chain chain;
    private final CounterRegistry counters = new CounterRegistry();
    private volatile DeviceSettings settings;

    private RamzswapDevice(
            String name,
            DeviceSettings settings,
            TrimMode trim,
            DeviceMemory memory,
            Optional<BackingTier> backing,
            ThreadFactory threads) {
        this.name = name;
        this.settings = settings;
        this.trim = trim;
        this.memory = memory;
        this.backing = backing;
        this.compressors = new CompressorChoice(settings.compressor());
        CompressedStore store = new CompressedStore(memory.arena(), memory.allocator(), compressors);
        List<Tier> tiers = new ArrayList<>(List.of(store));
        backing.ifPresent(below -> tiers.add(below.store()));
        this.chain = new Chain(tiers);
        PageTable table = memory.tables().pageTable();
        backing.ifPresent(below -> {
            below.store().serve(table, compressors);
            below.startMover(table, chain, store.openSource(memory.compactor()), counters, threads);
        });
    }

    /** Makes a device without a backing swap. */
    public static RamzswapDevice create(String name, DeviceSettings settings, ThreadFactory threads)
            throws DeviceException {
        return create(name, settings, Optional.empty(), threads);
    }

    /** Makes a device whose users may discard pages. */
    public static RamzswapDevice create(
            String name, DeviceSettings settings, Optional<BackingSwap> backing, ThreadFactory threads)
            throws DeviceException {
        return create(name, settings, TrimMode.OFFERED, backing, threads);
    }

    /**
     * Makes a device: its tables are populated, its reserve is filled, its swap header is written.
     *
     * @param name the export's name
     * @param trim whether its users may discard pages
     * @param backing takes what memory does not; as large as the device, which closes it with itself
     * @param threads makes the thread that keeps the reserve filled
     * @throws DeviceException if memory for it cannot be had, the memory limit leaves no room for pages, or the native
     *     compressor is missing; then, and whatever else is thrown, nothing is left behind, but {@code backing} as it was
     */
    public static RamzswapDevice create(
            String name, DeviceSettings settings, TrimMode trim, Optional<BackingSwap> backing, ThreadFactory threads)
            throws DeviceException {
        if (backing.isPresent() && backing.get().sizeBytes() != settings.diskSizeBytes()) {
            throw new IllegalArgumentException("a backing swap of "
                    + backing.get().sizeBytes() + " bytes behind a device of " + settings.diskSizeBytes());
        }
        settings.compressor().requireNative();
        try (Undo undo = new Undo()) {
            Optional<BackingTier> tier = tier(backing);
            tier.ifPresent(below -> undo.with(below, BackingTier::close));
            long backingBytes = tier.map(BackingTier::bytes).orElse(0L);
            DeviceMemory memory = undo.with(DeviceMemory.create(settings, backingBytes, threads), DeviceMemory::close);
            // The memory goes when nothing moves its pages any more.
            tier.ifPresent(below -> undo.step(below::stop));
            RamzswapDevice device = new RamzswapDevice(name, settings, trim, memory, tier, threads);
            device.writeSwapHeader();
            return undo.done(device);
        }
    }

    private static Optional<BackingTier> tier(Optional<BackingSwap> backing) throws DeviceException {
        try {
            return backing.map(BackingTier::new);
        } catch (SharedMemoryException e) {
            throw new DeviceException("no memory for what has to be known of the backing swap: " + e.getMessage(), e);
        }
    }

    /** There is room for it: {@link DeviceMemory} has seen to that. A backing swap's own is shown as it is. */
    private void writeSwapHeader() {
        ByteBuffer header =
                backing.map(below -> below.swap().header()).orElseGet(() -> SwapHeader.of(settings.slots()));
        try (DeviceSession session = openSession()) {
            if (session.writePage(0, header, 0, System.nanoTime()) != NbdError.OK) {
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
        return new DeviceSession(counters, memory.tables(), chain);
    }

    @Override
    public SlotFrees openSlotFrees() {
        return new SlotFrees(openSession(), settings.slots());
    }

    /** The settings that the device was made with, and the memory limit and compressor that were set last. */
    public DeviceSettings settings() {
        return settings;
    }

    /**
     * Sets another memory limit. If more memory is used, no page gets any until enough were freed or written over.
     *
     * @param changed the device's settings with another limit
     * @throws DeviceException if it would leave no room for pages; nothing has changed
     */
    public synchronized void setMemLimit(DeviceSettings changed) throws DeviceException {
        memory.setLimit(changed);
        settings = changed.withCompressor(compressors.current());
    }

    /**
     * Sets what new pages are compressed with, from now on and in all sessions. Pages that are there stay as they are and can be
     * read.
     *
     * @throws io.ramzswap.libc.LibraryMissingException if its native library cannot be loaded; nothing has changed
     */
    public synchronized void setCompressor(CompressorKind kind) {
        compressors.choose(kind);
        settings = settings.withCompressor(kind);
    }

    /** The sessions that are open now. */
    public int openSessions() {
        return counters.openCount();
    }

    /** The tiers that hold its pages. */
    Chain chain() {
        return chain;
    }

    DeviceMemory memory() {
        return memory;
    }

    /** How many writes were refused until now. */
    public long refusedWrites() {
        return counters.sum(Counter.FAILED_WRITES);
    }

    /** The device in figures. Does not disturb I/O. */
    public DeviceStatistics statistics() {
        long stored = Math.max(0, counters.sum(Counter.STORED_PAGES));
        long used = memory.usedBytes();
        DeviceSettings current = settings;
        ArenaStatistics arena = memory.arena().statistics();
        return new DeviceStatistics(
                current.diskSizeBytes(),
                current.memLimitGiven() || backing.isPresent() ? current.memLimitBytes() : 0,
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
                counters.sum(Counter.CORRUPT_PAGES) + memory.arena().damages(),
                memory.ceilingBytes(),
                arena.reserveFrames() * PAGE_SIZE,
                arena.reserveWaits(),
                memory.compactionPauses(),
                counters.sum(Counter.EVENT_FREE),
                backing.map(this::statistics).orElse(BackingStatistics.NONE));
    }

    private BackingStatistics statistics(BackingTier below) {
        return new BackingStatistics(
                below.swap().path().toString(),
                below.state().label(),
                counters.sum(Counter.BACKING_READS),
                counters.sum(Counter.BACKING_WRITES),
                counters.sum(Counter.BACKING_FAILED_READS),
                counters.sum(Counter.BACKING_FAILED_WRITES),
                counters.sum(Counter.BACKING_CORRUPT_READS),
                Math.max(0, counters.sum(Counter.BACKED_PAGES)),
                below.statistics(counters));
    }

    /**
     * Has pages moved to the backing swap, once, in the background.
     *
     * @return the bytes that may go in this hour, {@link Long#MAX_VALUE} if there is no limit; at 0 nothing is ordered; empty if
     *     the device has no backing swap with a log
     */
    public OptionalLong writeBack(WriteBackOrder order) {
        Optional<WriteBack> mover = backing.flatMap(BackingTier::writeBack);
        return mover.isPresent() ? OptionalLong.of(mover.get().order(order)) : OptionalLong.empty();
    }

    /** Sets what is moved to the backing swap by itself, if there is one with a log. */
    public void setWriteBackLimits(WriteBackLimits limits) {
        backing.flatMap(BackingTier::writeBack).ifPresent(mover -> mover.setLimits(limits));
    }

    private static int percent(long part, long whole) {
        return whole == 0 ? 0 : (int) Math.max(0, part * 100 / whole);
    }

    /**
     * Gives the device's memory and its backing swap back. Whoever calls this has made sure that nobody opens the device any more.
     *
     * @throws IllegalStateException if a session is open; the device stays as it is
     */
    @Override
    public void close() {
        int open = openSessions();
        if (open != 0) {
            throw new IllegalStateException(name + " cannot be closed: " + open + " sessions are open");
        }
        backing.ifPresent(BackingTier::stop);
        memory.close();
        backing.ifPresent(BackingTier::close);
        backing.ifPresent(below -> below.swap().close());
    }
}

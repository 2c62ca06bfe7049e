package io.ramzswap.device;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.host.UsableMemory;
import io.ramzswap.nbd.closing.ThreadEnd;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.zcache.Compactor;
import java.util.concurrent.ThreadFactory;

/** All memory of a device: its tables, its arena, and the allocator that cuts that up. */
final class DeviceMemory implements AutoCloseable {
    /** A default limit covers pages alone: this share of them, and this much, comes on top for metadata. */
    private static final int METADATA_SHARE = 64;

    private static final long METADATA_BYTES = 1 << 20;
    /** An arena smaller than this has room for its own metadata only. */
    static final long LEAST_ARENA_BYTES = 512 << 10;

    private static final int POOL = 0;

    private final DeviceTables tables;
    private final long backingBytes;
    private final Arena arena;
    private final Allocator allocator;
    private final Compactor compactor;
    private final Thread compactorThread;

    private DeviceMemory(
            DeviceSettings settings, long backingBytes, DeviceTables tables, Arena arena, ThreadFactory threads) {
        this.tables = tables;
        this.backingBytes = backingBytes;
        this.arena = arena;
        this.allocator = settings.allocator().create(arena, POOL);
        this.compactor = new Compactor(tables.pageTable(), settings.slots(), arena, allocator);
        this.compactorThread = threads.newThread(compactor);
        compactorThread.start();
    }

    /**
     * Reserves and populates; on failure nothing is left behind.
     *
     * @param backingBytes memory that the backing swap takes, and that counts as the device's
     */
    static DeviceMemory create(DeviceSettings settings, long backingBytes, ThreadFactory threads)
            throws DeviceException {
        requireRoom(settings, backingBytes);
        try (Undo undo = new Undo()) {
            DeviceTables tables = undo.with(DeviceTables.create(settings.slots()), DeviceTables::close);
            Arena arena = undo.with(createArena(settings, backingBytes, threads), Arena::close);
            return undo.done(new DeviceMemory(settings, backingBytes, tables, arena, threads));
        } catch (SharedMemoryException e) {
            throw new DeviceException(
                    "no memory for a device of " + kib(settings.diskSizeBytes()) + ": " + e.getMessage(), e);
        }
    }

    private static long arenaLimit(DeviceSettings settings, long backingBytes) {
        long memLimit = settings.memLimitBytes();
        return settings.memLimitGiven()
                ? memLimit - DeviceTables.bytes(settings.slots()) - backingBytes
                : withMetadata(memLimit);
    }

    private static long withMetadata(long bytes) {
        return bytes + bytes / METADATA_SHARE + METADATA_BYTES;
    }

    private static void requireRoom(DeviceSettings settings, long backingBytes) throws DeviceException {
        long arenaLimit = arenaLimit(settings, backingBytes);
        if (arenaLimit < LEAST_ARENA_BYTES) {
            throw new DeviceException(
                    DeviceFootprint.tooSmall(settings, settings.memLimitBytes() - arenaLimit + LEAST_ARENA_BYTES));
        }
    }

    /** Its address range has room for any limit that makes sense on this host, since the limit may be raised later. */
    private static Arena createArena(DeviceSettings settings, long backingBytes, ThreadFactory threads) {
        long ramBytes = UsableMemory.ofThisProcess().totalBytes();
        long highestLimit = Math.max(settings.memLimitBytes(), Math.min(settings.diskSizeBytes(), ramBytes));
        return Arena.create(ArenaOptions.ofLimit(arenaLimit(settings, backingBytes))
                .withCapacityBytes(
                        ArenaOptions.ofLimit(withMetadata(highestLimit)).capacityBytes())
                .withReserveBytes(ReserveSize.of(ramBytes))
                .withThreadFactory(threads));
    }

    private static String kib(long bytes) {
        return (bytes >> 10) + " KiB";
    }

    /** Holds memory down to what {@code settings}, of the same device, say from now on. */
    void setLimit(DeviceSettings settings) throws DeviceException {
        requireRoom(settings, backingBytes);
        arena.setLimitBytes(arenaLimit(settings, backingBytes));
    }

    DeviceTables tables() {
        return tables;
    }

    Arena arena() {
        return arena;
    }

    Allocator allocator() {
        return allocator;
    }

    Compactor compactor() {
        return compactor;
    }

    /** Arena, tables, allocator metadata and the backing swap's: what the memory limit holds down. */
    long usedBytes() {
        return tables.bytes() + backingBytes + arena.usedBytes();
    }

    /** Times compaction stood back because the reserve was short. */
    long compactionPauses() {
        return compactor.pauses();
    }

    /** What {@link #usedBytes} cannot pass. */
    long ceilingBytes() {
        return tables.bytes() + backingBytes + arena.limitBytes();
    }

    /** No thread may be using the memory, nor touch it afterwards. */
    @Override
    public void close() {
        compactor.stop();
        ThreadEnd.await(compactorThread);
        arena.close();
        tables.close();
    }
}

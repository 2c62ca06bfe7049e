package io.ramzswap.backing.log;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.backing.BackingState;
import io.ramzswap.backing.BackingStore;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.LogStatistics;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.TierSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A log on a {@link BackingSwap}. */
public final class LogStore implements BackingStore {
    private static final int STEP_BYTES = 1 << Allocator.HANDLE_ALIGNMENT_SHIFT;

    private final BackingSwap swap;
    private final LogGeometry geometry;
    private final Segments segments;
    private final LogWriter writer;
    private final int overheadBytes;
    private PageTable table;
    private CompressorChoice compressors;
    /** Replaced as a whole, so that it can be read without the lock. */
    private volatile LogSession[] sessions = {};

    /**
     * Over a backing swap.
     *
     * @throws SharedMemoryException if there is no memory for what has to be known of it
     * @throws IllegalStateException if its key is gone, or there is no memory to encrypt
     */
    public LogStore(BackingSwap swap) {
        this.swap = swap;
        this.geometry = LogGeometry.of(swap.sizeBytes());
        try (Undo undo = new Undo()) {
            ObjectSeal seal = undo.with(openSeal(), ObjectSeal::close);
            this.segments = undo.with(new Segments(geometry.segments()), Segments::close);
            this.overheadBytes = seal.overheadBytes();
            this.writer = undo.done(new LogWriter(this, geometry, segments, swap.openQueue(), seal));
        }
    }

    @Override
    public void serve(PageTable pageTable, CompressorChoice choice) {
        table = pageTable;
        compressors = choice;
    }

    @Override
    public int states() {
        return 1 << PageWord.ON_DISK;
    }

    @Override
    public boolean waits() {
        return true;
    }

    /** Pages come when they are cold, or when memory has no room. */
    @Override
    public int mostBytesAbove() {
        return ANY_BYTES;
    }

    @Override
    public boolean isWilling(long now) {
        return swap.isWilling(now);
    }

    @Override
    public BackingState state() {
        BackingState state = swap.state();
        return state == BackingState.HEALTHY && writer.isFull() ? BackingState.FULL : state;
    }

    @Override
    public Optional<TierSink> sink() {
        return Optional.of(writer);
    }

    BackingSwap swap() {
        return swap;
    }

    /** Memory that one takes for an area of this size. */
    public static long bytes(long areaBytes) {
        return Segments.bytes(LogGeometry.of(areaBytes).segments());
    }

    private ObjectSeal openSeal() {
        return swap.key()
                .<ObjectSeal>map(key -> new CipherObjectSeal(key.open()))
                .orElseGet(ChecksumObjectSeal::new);
    }

    LogReader openReader() {
        ObjectSeal seal = openSeal();
        return new LogReader(this, geometry, segments, swap.openQueue(), seal);
    }

    int slots() {
        return swap.slots();
    }

    PageTable table() {
        return table;
    }

    @Override
    public synchronized LogSession open() {
        LogSession session = new LogSession(this, openReader(), compressors.open());
        List<LogSession> all = new ArrayList<>(List.of(sessions));
        all.add(session);
        sessions = all.toArray(LogSession[]::new);
        return session;
    }

    synchronized void close(LogSession session) {
        List<LogSession> all = new ArrayList<>(List.of(sessions));
        all.remove(session);
        sessions = all.toArray(LogSession[]::new);
    }

    LogSession[] sessions() {
        return sessions;
    }

    /** What adds to it, for one thread. */
    public LogWriter writer() {
        return writer;
    }

    /** Lets go of an object whose word is no longer in the page table. Returns false if the word names no place in the log. */
    public boolean release(long word) {
        boolean isThere = contains(word);
        if (isThere) {
            segments.addLive(segmentOf(word), -sizeOf(PageWord.length(word)));
        }
        return isThere;
    }

    /** Whether the word names a place in the log. */
    boolean contains(long word) {
        return geometry.contains(PageWord.location(word), sizeOf(PageWord.length(word)));
    }

    int segmentOf(long word) {
        return geometry.segmentOf(PageWord.location(word));
    }

    /** What an object of so many bytes takes of the disk. Where it begins, and the next one, is a multiple of {@value #STEP_BYTES}. */
    int sizeOf(int length) {
        return (length + overheadBytes + STEP_BYTES - 1) & -STEP_BYTES;
    }

    @Override
    public LogStatistics statistics() {
        return new LogStatistics(
                geometry.segmentBytes(),
                segments.count(),
                segments.free(),
                segments.liveBytes(),
                writer.writtenBytes(),
                writer.cleanedBytes(),
                writer.batches());
    }

    @Override
    public long bytes() {
        return segments.bytes();
    }

    @Override
    public void close() {
        writer.close();
        segments.close();
    }
}

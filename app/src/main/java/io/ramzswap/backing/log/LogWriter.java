package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.backing.DiskQueue;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.TierSession;
import io.ramzswap.tier.TierSink;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Adds objects to a log, in batches. All of it is for one thread, but for what says otherwise.
 *
 * <ol>
 *   <li>An object is sealed into the batch, at the place where it will be: the next one of the open segment.
 *   <li>{@link #flush} writes the batch with one request, in whole pages, and only then tells where the objects are.
 *   <li>Objects that could not be written are nowhere. Their places are given up, so that none is sealed twice.
 *   <li>A refused batch with objects that the {@link Cleaner} moves is held instead, and written again as it is: the same bytes
 *       at the same place. A disk that is out of order for a while thus uses up none of the room that is kept for cleaning.
 *       Only a place that stays refused while the disk takes others is given up.
 * </ol>
 *
 * <p>Of a page that is leaving its tier there is one copy in the batch at most: its mark says that a copy is on its way, and not of
 * which version. The copies of two would both find the mark of the later one, and the older would be taken for it.
 */
public final class LogWriter implements TierSink, AutoCloseable {
    private static final int PAGE_BYTES = AlignedMemory.PAGE_BYTES;
    private static final int MOST_BATCH_BYTES = 256 << 10;
    private static final int MOST_OBJECTS = 1024;
    /** Of so many segments one is for cleaning alone. */
    private static final int RESERVE_SHARE = 64;

    private static final int LEAST_RESERVE = 2;
    /** Each gains an eighth of a segment at least. */
    private static final int MOST_PASSES = 8;
    /** The pause before a held batch is written again, unless something was added to it. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** A batch refused so often may lie at a place that the disk has lost. */
    private static final int MOST_REFUSALS = 8;

    private final LogStore store;
    private final LogGeometry geometry;
    private final Segments segments;
    private final DiskQueue queue;
    private final ObjectSeal seal;
    private final Cleaner cleaner;
    private final AlignedMemory batch;
    private final AlignedMemory object = new AlignedMemory(1);

    private final int[] slots = new int[MOST_OBJECTS];
    private final long[] oldWords = new long[MOST_OBJECTS];
    private final long[] newWords = new long[MOST_OBJECTS];
    private final DirectPage[] directs = new DirectPage[MOST_OBJECTS];
    private int objects;
    private int filled;

    private int open = Segments.NONE;
    /** Where the batch begins in the open segment. */
    private int batchOffset;
    /** Whether what is free when the batch begins is the cleaner's alone. */
    private boolean isKept;
    /** The objects of the batch that the disk has refused, and that are held; 0 if none are. */
    private int held;

    private int refusals;
    private long refusedAt;

    private final AtomicLong writtenBytes = new AtomicLong();
    private final AtomicLong cleanedBytes = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();
    private volatile Thread thread;
    private volatile boolean ended;
    private volatile boolean full;

    LogWriter(LogStore store, LogGeometry geometry, Segments segments, DiskQueue queue, ObjectSeal seal) {
        this.store = store;
        this.geometry = geometry;
        this.segments = segments;
        this.queue = queue;
        this.seal = seal;
        this.cleaner = new Cleaner(store, this, geometry, segments);
        this.batch = new AlignedMemory(Math.min(MOST_BATCH_BYTES, geometry.segmentBytes()) / PAGE_BYTES);
    }

    @Override
    public void begin() {
        thread = Thread.currentThread();
        cleaner.begin();
    }

    @Override
    public void end() {
        ended = true;
        thread = null;
        cleaner.end();
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public boolean isWilling(long now) {
        return store.isWilling(now);
    }

    @Override
    public void abandon() {
        store.swap().abandon();
    }

    @Override
    public int bytes(long word) {
        return PageWord.length(word);
    }

    @Override
    public ByteBuffer object() {
        return object.bytes();
    }

    @Override
    public boolean add(int slot, int length, int compressor) {
        return !hasCopy(slot) && add(slot, PageWord.EMPTY_WORD, null, object, length, compressor, reserve());
    }

    private boolean hasCopy(int slot) {
        for (int i = 0; i < objects; i++) {
            if (slots[i] == slot && !isMoved(i)) {
                return true;
            }
        }
        return false;
    }

    /** Adds an object that is somewhere else in the log. It may take what is kept for that. */
    boolean move(int slot, long word, AlignedMemory object) {
        return add(slot, word, null, object, PageWord.length(word), PageWord.compressor(word), 0);
    }

    private boolean add(
            int slot, long oldWord, DirectPage direct, AlignedMemory object, int length, int compressor, int keep) {
        int size = store.sizeOf(length);
        if (objects == MOST_OBJECTS || !makeRoom(size, keep)) {
            return false;
        }
        int offset = batchOffset + filled;
        if (!seal.close(segments.generation(open), offset, slot, object, length, batch, filled)) {
            return false;
        }
        slots[objects] = slot;
        oldWords[objects] = oldWord;
        newWords[objects] = PageWord.inLog(compressor, length, geometry.place(open, offset));
        directs[objects] = direct;
        objects++;
        filled += size;
        segments.addLive(open, size);
        return true;
    }

    /**
     * Whether the open segment, or a new one, has room, and the batch, too. Never opens a segment with a batch unwritten. While a
     * pass of the cleaner goes on it has what it counted on: the last of the free segments, and the one that it opened of them.
     */
    private boolean makeRoom(int size, int keep) {
        if (objects == 0) {
            isKept = cleaner.isActive() && !segments.hasMoreFreeThan(reserve());
        }
        if (keep > 0) {
            full = isKept && cleaner.isActive();
            if (full) {
                return false;
            }
        }
        if (open != Segments.NONE && size <= roomInOpen()) {
            return filled + size <= batch.length();
        }
        return objects == 0 && openNext(keep);
    }

    private boolean openNext(int keep) {
        if (open != Segments.NONE) {
            segments.setState(open, Segments.SEALED);
        }
        open = segments.hasMoreFreeThan(keep) ? segments.open() : Segments.NONE;
        batchOffset = 0;
        full = open == Segments.NONE;
        return !full;
    }

    /** Bytes of the open segment that nothing was added to. */
    int roomInOpen() {
        return open == Segments.NONE ? 0 : geometry.segmentBytes() - batchOffset - filled;
    }

    int reserve() {
        return Math.max(LEAST_RESERVE, geometry.segments() / RESERVE_SHARE);
    }

    @Override
    public boolean isEmpty() {
        return objects == 0;
    }

    /** Whether a refused batch waits for the disk to take it. */
    boolean isHeldUp() {
        return held > 0;
    }

    @Override
    public boolean flush(Owner owner) {
        if (objects == 0) {
            return true;
        }
        if (objects == held && System.nanoTime() - refusedAt < RETRY_NANOS) {
            return false;
        }
        int length = (filled + PAGE_BYTES - 1) & -PAGE_BYTES;
        boolean done = queue.write(batch, 0, length, geometry.place(open, batchOffset));
        writtenBytes.addAndGet(length);
        batches.incrementAndGet();
        if (done) {
            for (int i = 0; i < objects; i++) {
                written(i, owner);
            }
            startNextBatch(length);
            return true;
        }
        refuse(owner);
        if (held == 0) {
            startNextBatch(length);
        } else if (++refusals >= MOST_REFUSALS && takesAnotherPlace()) {
            for (int i = 0; i < held; i++) {
                store.release(newWords[i]);
            }
            startNextBatch(length);
        }
        return false;
    }

    private void startNextBatch(int length) {
        batchOffset += length;
        objects = 0;
        filled = 0;
        held = 0;
        refusals = 0;
    }

    /** Holds what is being moved, and tells the owners of everything else. */
    private void refuse(Owner owner) {
        refusedAt = System.nanoTime();
        held = 0;
        for (int i = 0; i < objects; i++) {
            if (isMoved(i)) {
                slots[held] = slots[i];
                oldWords[held] = oldWords[i];
                newWords[held] = newWords[i];
                directs[held] = null;
                held++;
            } else {
                refused(i, owner);
            }
        }
        objects = held;
    }

    private boolean isMoved(int i) {
        return oldWords[i] != PageWord.EMPTY_WORD;
    }

    /** Whether the disk takes a page in a free segment, where nothing is read from. */
    private boolean takesAnotherPlace() {
        int other = segments.anyFree();
        return other != Segments.NONE && queue.write(batch, 0, PAGE_BYTES, geometry.place(other, 0));
    }

    private void written(int i, Owner owner) {
        long word = newWords[i];
        if (directs[i] != null) {
            directs[i].complete(word);
        } else if (isMoved(i)) {
            moved(i, word);
        } else if (!owner.written(slots[i], word)) {
            store.release(word);
        }
    }

    private void moved(int i, long word) {
        if (store.table().replace(slots[i], oldWords[i], word)) {
            store.release(oldWords[i]);
            cleanedBytes.addAndGet(store.sizeOf(PageWord.length(word)));
        } else {
            store.release(word);
        }
    }

    private void refused(int i, Owner owner) {
        store.release(newWords[i]);
        if (directs[i] != null) {
            directs[i].complete(TierSession.REFUSED);
        } else {
            owner.refused(slots[i]);
        }
    }

    @Override
    public boolean addWaiting(Owner owner) {
        boolean any = false;
        for (LogSession session : store.sessions()) {
            DirectPage page = session.direct();
            if (page.take()) {
                any = true;
                if (!addDirect(page, owner)) {
                    page.complete(TierSession.REFUSED);
                }
            }
        }
        return any;
    }

    private boolean addDirect(DirectPage page, Owner owner) {
        if (addNow(page)) {
            return true;
        }
        flush(owner);
        if (addNow(page)) {
            return true;
        }
        for (int passes = 0; passes < MOST_PASSES && cleaner.cleanAll(owner); passes++) {
            if (addNow(page)) {
                return true;
            }
        }
        return false;
    }

    private boolean addNow(DirectPage page) {
        return add(page.slot(), PageWord.EMPTY_WORD, page, page.object(), page.length(), page.compressor(), reserve());
    }

    @Override
    public boolean clean(Owner owner) {
        return cleaner.step(owner);
    }

    long writtenBytes() {
        return writtenBytes.get();
    }

    long cleanedBytes() {
        return cleanedBytes.get();
    }

    long batches() {
        return batches.get();
    }

    @Override
    public void close() {
        seal.close();
        queue.close();
    }
}

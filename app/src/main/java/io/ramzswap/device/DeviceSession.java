package io.ramzswap.device;

import static io.ramzswap.device.DeviceSettings.PAGE_SIZE;

import io.ramzswap.backing.BackingSession;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.compress.Compressor;
import io.ramzswap.compress.SameFilled;
import io.ramzswap.frontswap.BackendSession;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.table.AccessAges;
import io.ramzswap.table.FillValues;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.table.WriteStamps;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One connection's reads and writes of a device: the way of a page from the request to the store and back.
 *
 * <p>A write makes the new page first, publishes its word, and frees the old page last, so at every moment the slot holds
 * one whole page. When there is no room even after the old page went, the slot is {@linkplain PageWord#LOST lost} until
 * it is written or freed: an error to read, rather than stale bytes.
 *
 * <p>With a backing swap, a page for which memory has no room goes there; in the linear layout also one that does not compress
 * to half, and in the log those that nobody used for long, which {@link io.ramzswap.writeback.WriteBack} moves:
 *
 * <pre>
 *             write                         disk took it
 *   any page ───────▶ page in memory   any ─▶ IN_FLIGHT ─▶ ON_DISK
 *                       │        ▲               │ disk refused it
 *       the copy is on  │        │ read again    ├─▶ page in memory, if there is room
 *       the disk        ▼        │               └─▶ LOST
 *                      ON_DISK ──┘
 * </pre>
 *
 * <ul>
 *   <li>In the linear layout a slot has one place on the disk. Who puts the slot in flight has that place alone, until it
 *       publishes what came of it; the page that was there before is gone, as a page is that is written over. In the log
 *       every page has a new place.
 *   <li>A reader of a page on disk holds no lock. It looks at the word again afterwards: the word tells every write to the
 *       place apart, so if it is the same nobody wrote there meanwhile, and if not it begins anew. The log does not use a
 *       place again that somebody reads.
 *   <li>Who meets a slot in flight waits for it if it reads or writes that page; a TRIM passes it over, as if it had come
 *       before the write, which nobody has been told is done.
 *   <li>So while a thread waits for the disk it holds no lock, and only a request for the same page waits for it.
 * </ul>
 */
final class DeviceSession implements ExportSession {
    /** As far as one answer about extents looks; the next one goes on from there. */
    private static final long MAX_EXTENT_BYTES = 1L << 32;

    /** What came of trying to read a page. */
    private enum Reading {
        DONE,
        FAILED,
        /** The slot changed meanwhile. */
        OVERTAKEN
    }

    private final CounterRegistry registry;
    private final Counters counters;
    private final PageTable table;
    private final WriteStamps stamps;
    private final FillValues fillValues;
    private final BackendSession frontswap;
    private final PageCounts counts;
    /** Of the three that follow, null where there is no backing swap. */
    private final BackingSession disk;

    private final Tiers tiers;
    private final AccessAges ages;
    /** Whether memory takes all it has room for, and pages leave it when they are cold. */
    private final boolean memoryFirst;
    /** A page that stays larger is the backing swap's, where it gets them at once. */
    private final int maxBytesInMemory;

    private Runnable beforeWaiting = () -> {};

    /** Takes {@code frontswap} over, unless it fails. */
    DeviceSession(CounterRegistry registry, DeviceTables tables, BackendSession frontswap, Optional<Tiers> backing) {
        this.tiers = backing.orElse(null);
        this.disk = backing.map(Tiers::openDisk).orElse(null);
        this.registry = registry;
        this.counters = registry.open();
        this.table = tables.pageTable();
        this.stamps = tables.stamps();
        this.fillValues = tables.fillValues();
        this.frontswap = frontswap;
        this.counts = new PageCounts(counters);
        this.ages = backing.flatMap(Tiers::ages).orElse(null);
        this.memoryFirst = ages != null;
        this.maxBytesInMemory = disk == null || memoryFirst ? BackendSession.ANY_BYTES : Compressor.GOOD_BYTES;
    }

    @Override
    public int read(long offset, int length, ByteBuffer destination, int position) {
        int slot = slot(offset);
        for (int done = 0; done < length; done += PAGE_SIZE) {
            counters.add(Counter.NUM_READS, 1);
            int age = touch(slot);
            if (!readPage(slot++, destination, position + done, age)) {
                counters.add(Counter.FAILED_READS, 1);
                return NbdError.EIO;
            }
        }
        return NbdError.OK;
    }

    /** Copies out a page without counting that. Returns whether it could be. */
    boolean peek(int slot, ByteBuffer destination) {
        return readPage(slot, destination, 0, AccessAges.OLDEST);
    }

    /** Notes that the page is used. Answers how long it had not been. */
    private int touch(int slot) {
        if (ages == null) {
            return AccessAges.OLDEST;
        }
        int age = ages.age(slot);
        ages.touch(slot);
        return age;
    }

    private boolean readPage(int slot, ByteBuffer destination, int position, int age) {
        Reading reading;
        do {
            reading = tryRead(slot, destination, position, age);
        } while (reading == Reading.OVERTAKEN);
        return reading == Reading.DONE;
    }

    private Reading tryRead(int slot, ByteBuffer destination, int position, int age) {
        long word = table.awaitLanding(slot);
        return switch (PageWord.state(word)) {
            case PageWord.EMPTY -> fill(destination, position, 0);
            case PageWord.FILLED -> fill(word, destination, position);
            case PageWord.DAMAGED -> verified(false);
            case PageWord.LOST -> Reading.FAILED;
            case PageWord.ON_DISK -> disk == null ? verified(false) : readBack(slot, word, destination, position, age);
            default -> loadPage(slot, destination, position);
        };
    }

    private Reading fill(long word, ByteBuffer destination, int position) {
        long value = PageWord.isWide(word) ? fillValues.get(PageWord.fillIndex(word)) : PageWord.fillValue(word);
        return PageWord.repeats(word, value) ? fill(destination, position, value) : verified(false);
    }

    private static Reading fill(ByteBuffer destination, int position, long value) {
        SameFilled.fill(destination, position, PAGE_SIZE, value);
        return Reading.DONE;
    }

    /** Under the slot's lock, so that the page is not freed, or moved, while it is copied. */
    private Reading loadPage(int slot, ByteBuffer destination, int position) {
        long word = table.lock(slot);
        if (word == PageWord.DAMAGED_WORD) {
            return verified(false);
        }
        try {
            if (PageWord.isInBackend(word)) {
                return verified(frontswap.load(word, slot, destination, position));
            }
        } finally {
            if (!table.unlock(slot, word, word)) {
                release(slot, word);
            }
        }
        return Reading.OVERTAKEN;
    }

    /** Without a lock. What was read of a place that somebody wrote to meanwhile says nothing, good or bad. */
    private Reading readBack(int slot, long word, ByteBuffer destination, int position, int age) {
        beforeWaiting.run();
        counters.add(Counter.BACKING_READS, 1);
        BackingSession.Outcome outcome = disk.read(word, slot, destination, position);
        if (outcome == BackingSession.Outcome.INTACT && memoryFirst && tiers.isWelcome(word, age)) {
            bringBack(slot, word, destination, position);
            disk.done();
            return Reading.DONE;
        }
        disk.done();
        if (outcome == BackingSession.Outcome.OVERTAKEN || table.get(slot) != word) {
            return Reading.OVERTAKEN;
        }
        if (outcome == BackingSession.Outcome.FAILED) {
            counters.add(Counter.BACKING_FAILED_READS, 1);
            return Reading.FAILED;
        }
        if (outcome == BackingSession.Outcome.CORRUPT) {
            counters.add(Counter.BACKING_CORRUPT_READS, 1);
        }
        return verified(outcome == BackingSession.Outcome.INTACT);
    }

    /** Until the read is done no other page gets its word: what is replaced is what was read. */
    private void bringBack(int slot, long word, ByteBuffer page, int position) {
        long stored = frontswap.store(slot, page, position);
        if (stored == BackendSession.REJECTED) {
            return;
        }
        if (table.replace(slot, word, stored)) {
            count(stored, 1);
            release(slot, word);
            counters.add(Counter.BROUGHT_BACK, 1);
        } else {
            frontswap.invalidate(stored, slot);
        }
    }

    private Reading verified(boolean intact) {
        if (!intact) {
            counters.add(Counter.CORRUPT_PAGES, 1);
            return Reading.FAILED;
        }
        return Reading.DONE;
    }

    @Override
    public int write(long offset, int length, ByteBuffer source, int position) {
        int slot = slot(offset);
        long now = System.nanoTime();
        for (int done = 0; done < length; done += PAGE_SIZE) {
            counters.add(Counter.NUM_WRITES, 1);
            stamps.set(slot, now);
            touch(slot);
            int error = writePage(slot++, source, position + done, now);
            if (error != NbdError.OK) {
                counters.add(Counter.FAILED_WRITES, 1);
                int tried = done + PAGE_SIZE;
                giveUp(offset + tried, length - tried);
                return error;
            }
        }
        return NbdError.OK;
    }

    /** They count as refused, and are lost: what they hold is stale. */
    @Override
    public void giveUp(long offset, long length) {
        long now = System.nanoTime();
        int end = slot(offset + length);
        for (int slot = slot(offset); slot < end; slot++) {
            counters.add(Counter.NUM_WRITES, 1);
            counters.add(Counter.FAILED_WRITES, 1);
            stamps.set(slot, now);
            replace(slot, PageWord.LOST_WORD);
        }
    }

    /** Stores a page without counting the request, which came at {@code now}. */
    int writePage(int slot, ByteBuffer source, int position, long now) {
        boolean mayGoToDisk = disk != null && BackingSwap.isForPages(slot);
        long word = fillWord(source, position);
        if (word == BackendSession.REJECTED) {
            word = frontswap.store(slot, source, position, mayGoToDisk ? maxBytesInMemory : BackendSession.ANY_BYTES);
        }
        if (word == BackendSession.REJECTED && mayGoToDisk && !memoryFirst && !tiers.isWilling(now)) {
            word = frontswap.store(slot, source, position);
        }
        if (word == BackendSession.REJECTED) {
            return mayGoToDisk ? writeOut(slot, source, position) : writeOver(slot, source, position);
        }
        count(word, 1);
        replace(slot, word);
        return NbdError.OK;
    }

    /** What the slot holds is stale from now on, and its memory may be just what the new page lacks. */
    private int writeOver(int slot, ByteBuffer source, int position) {
        replace(slot, PageWord.LOST_WORD);
        long word = frontswap.store(slot, source, position);
        if (word == BackendSession.REJECTED) {
            return NbdError.ENOSPC;
        }
        count(word, 1);
        replace(slot, word);
        return NbdError.OK;
    }

    /** Waits for the disk. Whatever happens, the slot does not stay in flight. */
    private int writeOut(int slot, ByteBuffer source, int position) {
        // Before the slot is in flight: it waits for the client, who may be slower than any disk.
        beforeWaiting.run();
        long old = table.exchange(slot, PageWord.IN_FLIGHT_WORD);
        long word = BackendSession.REJECTED;
        try {
            release(slot, old);
            if (memoryFirst) {
                // The memory of the page before may be just what this one lacked.
                word = frontswap.store(slot, source, position);
            }
            if (word == BackendSession.REJECTED) {
                word = writeToDisk(slot, source, position);
            }
        } finally {
            land(slot, word == BackendSession.REJECTED ? PageWord.LOST_WORD : word);
        }
        return word == BackendSession.REJECTED ? NbdError.EIO : NbdError.OK;
    }

    private void land(int slot, long word) {
        if (word != PageWord.LOST_WORD) {
            count(word, 1);
        }
        if (!table.land(slot, word)) {
            release(slot, word);
        }
    }

    private long writeToDisk(int slot, ByteBuffer source, int position) {
        counters.add(Counter.BACKING_WRITES, 1);
        long word = disk.write(slot, source, position);
        if (word == BackendSession.REJECTED) {
            counters.add(Counter.BACKING_FAILED_WRITES, 1);
            word = frontswap.store(slot, source, position);
        }
        return word;
    }

    private long fillWord(ByteBuffer source, int position) {
        if (!SameFilled.isSameFilled(source, position, PAGE_SIZE)) {
            return BackendSession.REJECTED;
        }
        long value = SameFilled.word(source, position);
        if (PageWord.fitsInline(value)) {
            return PageWord.filled(value);
        }
        int index = fillValues.intern(value);
        return index == FillValues.NO_PLACE ? BackendSession.REJECTED : PageWord.filledWide(index, value);
    }

    /** Publishes a word and frees what it replaces. */
    private void replace(int slot, long word) {
        release(slot, table.exchange(slot, word));
    }

    /**
     * Frees the page behind a word that is not in the table any more. Returns whether there was one.
     *
     * <p>What a damaged word stood for is not known: its memory stays taken, and it goes on being counted as stored. The same is
     * so of memory that does not say, where the page should be, that it is the slot's.
     */
    private boolean release(int slot, long old) {
        int state = PageWord.state(old);
        if (state == PageWord.EMPTY || state == PageWord.LOST) {
            return false;
        }
        if (!letGo(slot, state, old)) {
            counters.add(Counter.CORRUPT_PAGES, 1);
            return false;
        }
        count(old, -1);
        return true;
    }

    private boolean letGo(int slot, int state, long old) {
        return switch (state) {
            case PageWord.COMPRESSED, PageWord.RAW -> frontswap.invalidate(old, slot);
            case PageWord.ON_DISK -> disk != null && disk.release(old);
            default -> state != PageWord.DAMAGED;
        };
    }

    private void count(long word, int pages) {
        counts.add(word, pages, PageWord.state(word) == PageWord.ON_DISK ? disk.bytes(word) : 0);
    }

    @Override
    public int trim(long offset, long length) {
        int end = slot(offset + length);
        for (int slot = slot(offset); slot < end; slot++) {
            if (table.get(slot) != PageWord.EMPTY_WORD && drop(slot)) {
                counters.add(Counter.NOTIFY_FREE, 1);
            }
        }
        return NbdError.OK;
    }

    /** Empties a slot, unless its page is in flight. Answers whether there was a page. */
    private boolean drop(int slot) {
        long old = table.tryExchange(slot, PageWord.EMPTY_WORD);
        return old != PageTable.BUSY && release(slot, old);
    }

    /**
     * Frees the slot if what it holds was surely stored before {@code nanoTime}. The stamp is looked at under the slot's
     * lock: a write that comes later finds an empty slot, one that came before has left its stamp. What is on its way to the
     * backing swap is alive: the kernel frees no slot that it is writing.
     *
     * @return one of {@link SlotFrees}' results
     */
    int freeIfStoredBefore(int slot, long nanoTime) {
        long seen = table.get(slot);
        if (seen == PageWord.EMPTY_WORD || PageWord.isInFlight(seen)) {
            return seen == PageWord.EMPTY_WORD ? SlotFrees.EMPTY : SlotFrees.TOO_NEW;
        }
        long word = table.lock(slot);
        if (word == PageWord.DAMAGED_WORD) {
            // Who writes or discards the page puts that right.
            return SlotFrees.TOO_NEW;
        }
        if (!stamps.isBefore(slot, nanoTime)) {
            table.unlock(slot, word, word);
            return SlotFrees.TOO_NEW;
        }
        table.unlock(slot, word, PageWord.EMPTY_WORD);
        if (!release(slot, word)) {
            return SlotFrees.EMPTY;
        }
        counters.add(Counter.NOTIFY_FREE, 1);
        counters.add(Counter.EVENT_FREE, 1);
        return SlotFrees.FREED;
    }

    /** An empty slot reads as zeroes. */
    @Override
    public int writeZeroes(long offset, long length) {
        return trim(offset, length);
    }

    @Override
    public long extent(long offset, long length) {
        int first = slot(offset);
        int end = slot(offset + Math.min(length, MAX_EXTENT_BYTES));
        int state = PageState.of(table.get(first));
        int slot = first + 1;
        while (slot < end && PageState.of(table.get(slot)) == state) {
            slot++;
        }
        return Extent.of((long) (slot - first) * PAGE_SIZE, PageState.allocation(state), state);
    }

    /** Nothing to do: what was answered is stored, and no store of ours outlives the machine. */
    @Override
    public int flush() {
        return NbdError.OK;
    }

    @Override
    public void beforeWaiting(Runnable task) {
        beforeWaiting = task;
    }

    @Override
    public void invalidRequest() {
        counters.add(Counter.INVALID_IO, 1);
    }

    @Override
    public void close() {
        frontswap.close();
        if (disk != null) {
            disk.close();
        }
        registry.close(counters);
    }

    private static int slot(long offset) {
        return (int) (offset / PAGE_SIZE);
    }
}

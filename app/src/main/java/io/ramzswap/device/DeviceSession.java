package io.ramzswap.device;

import static io.ramzswap.device.DeviceSettings.PAGE_SIZE;

import io.ramzswap.compress.SameFilled;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.table.AccessAges;
import io.ramzswap.table.FillValues;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.table.WriteStamps;
import io.ramzswap.tier.Chain;
import io.ramzswap.tier.ChainSession;
import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.TierSession;
import java.nio.ByteBuffer;

/**
 * One connection's reads and writes of a device: the way of a page from the request to a tier and back.
 *
 * <p>A write makes the new page first, publishes its word, and frees the old page last, so at every moment the slot holds
 * one whole page. When no tier has taken the page at once, the slot is in flight while all of them are asked again, those that
 * take their time among them. When none takes it even then, the slot is {@linkplain PageWord#LOST lost} until it is written or
 * freed: an error to read, rather than stale bytes.
 *
 * <pre>
 *             write                         a tier took it
 *   any page ───────▶ page in memory   any ─▶ IN_FLIGHT ─▶ page in a slower tier
 *                       │        ▲               │ none took it
 *       its copy is in a│        │ read again    └─▶ LOST
 *       slower tier     ▼        │
 *                     page in a slower tier
 * </pre>
 *
 * <ul>
 *   <li>A reader of a page in a tier that waits holds no lock. It looks at the word again afterwards: if it is the same, what was
 *       read is what belongs to it, and if not, it begins anew.
 *   <li>A thread that meets a slot in flight waits for it if it reads or writes that page; a TRIM passes the slot over, as if it
 *       had come before the write, whose end was not reported yet.
 *   <li>So while a thread waits for a tier it holds no lock, and only a request for the same page waits for it.
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
    private final ChainSession chain;
    private final PageCounts counts;

    private Runnable beforeWaiting = () -> {};

    DeviceSession(CounterRegistry registry, DeviceTables tables, Chain tiers) {
        this.registry = registry;
        this.table = tables.pageTable();
        this.stamps = tables.stamps();
        this.fillValues = tables.fillValues();
        try (Undo undo = new Undo()) {
            this.counters = undo.with(registry.open(), registry::close);
            this.counts = new PageCounts(counters);
            this.chain = undo.done(tiers.open(new CountingLedger(counters)));
        }
    }

    @Override
    public int read(long offset, int length, ByteBuffer destination, int position) {
        int slot = slot(offset);
        for (int done = 0; done < length; done += PAGE_SIZE) {
            counters.add(Counter.NUM_READS, 1);
            int age = chain.touch(slot);
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
            default ->
                chain.isGivenBackLocked(word)
                        ? loadPage(slot, destination, position)
                        : readBack(slot, word, destination, position, age);
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
            if (chain.isGivenBackLocked(word)) {
                return verified(chain.at(word).load(word, slot, destination, position) == Outcome.INTACT);
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
        TierSession tier = chain.at(word);
        Outcome outcome = tier.load(word, slot, destination, position);
        boolean isBroughtBack =
                outcome == Outcome.INTACT && chain.isWelcome(word, age) && bringBack(slot, word, destination, position);
        tier.done();
        if (isBroughtBack) {
            return Reading.DONE;
        }
        if (outcome == Outcome.OVERTAKEN || table.get(slot) != word) {
            return Reading.OVERTAKEN;
        }
        if (outcome == Outcome.FAILED) {
            counters.add(Counter.BACKING_FAILED_READS, 1);
            return Reading.FAILED;
        }
        if (outcome == Outcome.CORRUPT) {
            counters.add(Counter.BACKING_CORRUPT_READS, 1);
        }
        return verified(outcome == Outcome.INTACT);
    }

    /**
     * Until the read is done no other page gets its word: what is replaced is what was read. Returns whether the slot has the page
     * in memory now.
     */
    private boolean bringBack(int slot, long word, ByteBuffer page, int position) {
        long stored = chain.storeAtOnce(slot, page, position);
        if (stored == TierSession.REFUSED) {
            return false;
        }
        if (!table.replace(slot, word, stored)) {
            chain.at(stored).free(stored, slot);
            return false;
        }
        count(stored, 1);
        release(slot, word);
        counters.add(Counter.BROUGHT_BACK, 1);
        return true;
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
            chain.touch(slot);
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
        long word = fillWord(source, position);
        if (word == TierSession.REFUSED) {
            word = chain.storeAtOnce(slot, source, position, now);
        }
        if (word == TierSession.REFUSED) {
            return writeInFlight(slot, source, position);
        }
        count(word, 1);
        replace(slot, word);
        return NbdError.OK;
    }

    /**
     * What the slot holds is stale from now on, and its room may be just what the new page lacks. May wait for a tier. Whatever
     * happens, the slot does not stay in flight.
     */
    private int writeInFlight(int slot, ByteBuffer source, int position) {
        boolean mayWait = chain.mayWait(slot);
        if (mayWait) {
            // Before the slot is in flight: this waits for the client, who may be slower than any disk.
            beforeWaiting.run();
        }
        long old = table.exchange(slot, PageWord.IN_FLIGHT_WORD);
        long word = TierSession.REFUSED;
        try {
            release(slot, old);
            word = chain.store(slot, source, position);
        } finally {
            land(slot, word == TierSession.REFUSED ? PageWord.LOST_WORD : word);
        }
        if (word != TierSession.REFUSED) {
            return NbdError.OK;
        }
        return mayWait ? NbdError.EIO : NbdError.ENOSPC;
    }

    private void land(int slot, long word) {
        if (word != PageWord.LOST_WORD) {
            count(word, 1);
        }
        if (!table.land(slot, word)) {
            release(slot, word);
        }
    }

    private long fillWord(ByteBuffer source, int position) {
        if (!SameFilled.isSameFilled(source, position, PAGE_SIZE)) {
            return TierSession.REFUSED;
        }
        long value = SameFilled.word(source, position);
        if (PageWord.fitsInline(value)) {
            return PageWord.filled(value);
        }
        int index = fillValues.intern(value);
        return index == FillValues.NO_PLACE ? TierSession.REFUSED : PageWord.filledWide(index, value);
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
            case PageWord.FILLED -> true;
            case PageWord.DAMAGED -> false;
            default -> chain.at(old).free(old, slot);
        };
    }

    private void count(long word, int pages) {
        counts.add(word, pages, chain.at(word).bytes(word));
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
     * lock: a write that comes later finds an empty slot, one that came before has left its stamp. What is on its way to a
     * tier is alive: the kernel frees no slot that it is writing.
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
        chain.close();
        registry.close(counters);
    }

    private static int slot(long offset) {
        return (int) (offset / PAGE_SIZE);
    }
}

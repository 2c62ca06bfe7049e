package io.ramzswap.writeback;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.log.LogStore;
import io.ramzswap.backing.log.LogWriter;
import io.ramzswap.table.AccessAges;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.zcache.Compactor;
import io.ramzswap.zcache.StoredObjects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps memory from being full: when less than a twelfth of it is left, the coldest pages go to the log, until a seventh is
 * free. It also writes the pages for which memory had no room, and cleans the log. All that is written to the disk is written
 * here.
 *
 * <p>A page that goes is copied under its slot's lock and stays where it is, marked as {@linkplain PageWord#leaving leaving}.
 * Only when the copy is safe on the disk does the slot get its new word, if it still has the marked one: whoever wrote or freed
 * the page meanwhile has put another in its place.
 *
 * <p>{@link #run} is for a thread of its own and goes on until {@link #stop}. Should it fail, the backing swap is
 * {@linkplain BackingSwap#abandon abandoned}.
 */
public final class WriteBack implements Runnable, LogWriter.Owner {
    /** Of memory in use, in 64ths of the limit: above it pages go. */
    private static final int HIGH = 59;
    /** So far down. */
    private static final int LOW = 55;
    /** Up to here pages that are used again come back: beyond {@link #HIGH}, so that colder ones make room for them. */
    private static final int BRIM = 61;

    private static final int SHARES = 64;
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** The time that compaction is given to return what pages left, before more of them have to go. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Millions of slots take milliseconds to look at, and who polls need not pay that each time. */
    private static final long CENSUS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PageTable table;
    private final AccessAges ages;
    private final Arena arena;
    private final Compactor compactor;
    private final StoredObjects objects;
    private final BackingSwap swap;
    private final LogWriter writer;
    private final Ledger ledger;
    private final ColdPages cold;
    private final WriteBudget budget = new WriteBudget(System.nanoTime());
    private final AlignedMemory object = new AlignedMemory(1);
    private final AtomicReference<WriteBackOrder> order = new AtomicReference<>();
    private final int slots;
    private int pending = ColdPages.NONE;
    private boolean onOrder;
    /** What of the batch is to be paid from the budget once it is written. */
    private long owed;

    private long roundEnded = System.nanoTime() - SETTLE_NANOS;
    /** Of pages that compress well, memory has those that were used after this. */
    private volatile long keptSince = System.nanoTime();
    /** All slots are new at the start. */
    private int settled;

    private long lastSettle = System.nanoTime();
    private volatile Census census;
    private volatile WriteBackLimits limits = WriteBackLimits.NONE;
    private volatile boolean stopped;

    private record Census(AgeHistogram histogram, long nanoTime) {}

    /** Who counts pages. */
    public interface Ledger {
        /** A copy of a page was sent to the disk, which took it or did not. */
        void sent(boolean taken);

        /** A page left memory for the disk. */
        void left(long memoryWord, long diskWord);
    }

    /**
     * For one device.
     *
     * @param objects its pages in memory, which this closes
     */
    public WriteBack(
            PageTable table,
            AccessAges ages,
            Arena arena,
            Compactor compactor,
            StoredObjects objects,
            BackingSwap swap,
            LogStore log,
            Ledger ledger) {
        this.table = table;
        this.ages = ages;
        this.arena = arena;
        this.compactor = compactor;
        this.objects = objects;
        this.swap = swap;
        this.writer = log.writer();
        this.ledger = ledger;
        this.slots = swap.slots();
        this.settled = slots;
        this.cold = new ColdPages(table, ages, slots);
    }

    @Override
    public void run() {
        try {
            writer.begin();
            while (!stopped) {
                if (!step()) {
                    LockSupport.parkNanos(this, isNear() ? NAP_NANOS : REST_NANOS);
                }
            }
            writer.flush(this);
        } catch (RuntimeException | Error e) {
            // Going on might write what a half-done step has left. Without this thread nothing is lost, and memory is
            // all there is.
            swap.abandon();
            throw e;
        } finally {
            writer.end();
            objects.close();
        }
    }

    /** Ends {@link #run} soon. */
    public void stop() {
        stopped = true;
        writer.wake();
    }

    /**
     * Has pages written back: now, once, in the background. A later order replaces one that has not begun. An order ends when
     * it has used up what the limits leave in this hour.
     *
     * @return the bytes that they leave, {@link Long#MAX_VALUE} if there is no limit; at 0 nothing is ordered
     */
    public long order(WriteBackOrder wanted) {
        long left = budgetLeft();
        if (left > 0) {
            order.set(wanted);
            writer.wake();
        }
        return left;
    }

    /** Sets what may be written in an hour, and what may be done without an order. */
    public void setLimits(WriteBackLimits changed) {
        limits = changed;
        budget.setBytesPerHour(changed.bytesPerHour());
    }

    /** What was {@linkplain #setLimits set}. */
    public WriteBackLimits limits() {
        return limits;
    }

    /** Bytes that may still be written back in this hour, {@link Long#MAX_VALUE} if there is no limit. */
    public long budgetLeft() {
        return budget.left(System.nanoTime());
    }

    /** How long ago the pages in memory were used, as of some moment of the last second. From any thread. */
    public AgeHistogram histogram() {
        long now = System.nanoTime();
        Census last = census;
        if (last == null || now - last.nanoTime > CENSUS_NANOS) {
            last = new Census(AgeHistogram.of(table, ages, slots), now);
            census = last;
        }
        return last.histogram;
    }

    /**
     * Whether memory should take a page back that was used {@code age} ticks ago, and now again: if it would still be there, had
     * it been there. A page that comes in later than that would be gone again before it is used again. From any thread.
     *
     * @param word its word in the page table
     */
    public boolean isWelcome(long word, int age) {
        return AccessAges.nanos(Coldness.of(word, age)) < System.nanoTime() - keptSince
                && arena.usedBytes() < share(BRIM)
                && !arena.isReserveShort();
    }

    private long share(int of64) {
        return arena.limitBytes() / SHARES * of64;
    }

    /** Whether memory may be full soon. */
    private boolean isNear() {
        return arena.usedBytes() > share(LOW);
    }

    /** One batch at most. Answers whether there was something to do. */
    private boolean step() {
        long now = System.nanoTime();
        ages.advance(now);
        settleAges(now);
        boolean overflow = writer.addDirect(this);
        boolean moves = moveCold(now, overflow);
        boolean cleans = writer.clean(this);
        if (overflow || !(moves || cleans)) {
            // Else the batch is filled first: what is flushed takes whole pages of the log.
            writer.flush(this);
        }
        return overflow || moves || cleans;
    }

    /** A part of all slots at a time, every few hours. */
    private void settleAges(long now) {
        if (settled >= slots) {
            if (now - lastSettle < TimeUnit.SECONDS.toNanos(AccessAges.seconds(AccessAges.SETTLE_TICKS))) {
                return;
            }
            lastSettle = now;
            settled = 0;
        }
        int end = Math.min(slots, settled + ColdPages.SLOTS_A_STEP);
        for (; settled < end; settled++) {
            ages.settle(settled);
        }
    }

    /** Adds cold pages to the batch, and flushes it when it is full. Answers whether there may be more. */
    private boolean moveCold(long now, boolean overflow) {
        WriteBackOrder asked = order.getAndSet(null);
        if (asked != null) {
            beginRound();
            onOrder = true;
            int leastAge = asked.kind() == WriteBackKind.IDLE ? AccessAges.ticks(asked.idleSeconds()) : 0;
            cold.seekAll(leastAge, asked.kind() == WriteBackKind.HUGE);
        }
        if (onOrder && isMoving() && !hasBudget(now)) {
            endRound(now);
            return true;
        }
        if (!mayMove(now)) {
            return false;
        }
        if (!isMoving()) {
            onOrder = false;
            if (!begin(now, overflow)) {
                return false;
            }
        }
        do {
            if (pending == ColdPages.NONE) {
                pending = cold.next();
            }
            if (pending == ColdPages.NONE) {
                break;
            }
            if (!tryMove(pending)) {
                if (writer.isFull()) {
                    return false;
                }
                writer.flush(this);
                return true;
            }
            pending = ColdPages.NONE;
        } while (cold.isActive() && hasBudget(now));
        if (!isMoving()) {
            endRound(now);
        }
        return isMoving();
    }

    /** Of what is left of the round nothing goes. */
    private void endRound(long now) {
        writer.flush(this);
        cold.stop();
        pending = ColdPages.NONE;
        if (!onOrder) {
            keptSince = now - AccessAges.nanos(cold.leastColdness());
        }
        roundEnded = now;
        compactor.wake();
    }

    /** A round comes by each page once; by one that the round before was at, again. So that leaves nothing behind. */
    private void beginRound() {
        writer.flush(this);
        pending = ColdPages.NONE;
    }

    private boolean isMoving() {
        return cold.isActive() || pending != ColdPages.NONE;
    }

    /** Whether the disk is well, and there is budget. */
    private boolean mayMove(long now) {
        return swap.isWilling(now) && hasBudget(now);
    }

    /** Whether there is some when all of the batch is paid: so a page is the most by which it is overdrawn. */
    private boolean hasBudget(long now) {
        if (writer.isEmpty()) {
            owed = 0;
        }
        return budget.left(now) > owed;
    }

    private boolean begin(long now, boolean overflow) {
        long used = arena.usedBytes();
        boolean rested = now - roundEnded > SETTLE_NANOS;
        if (!overflow && (used <= share(HIGH) || !rested)) {
            return false;
        }
        beginRound();
        long wanted = Math.max(used - share(LOW), arena.limitBytes() / SHARES);
        WriteBackLimits may = limits;
        cold.seek(wanted, AccessAges.ticks(may.leastIdleSeconds()), may.hugeOnly());
        return true;
    }

    /** Copies a page to the batch. Answers false if there was no room. */
    private boolean tryMove(int slot) {
        long word = table.tryLock(slot);
        if (word == PageTable.BUSY) {
            return true;
        }
        int length = PageWord.isInBackend(word) && !PageWord.isLeaving(word)
                ? objects.copy(word, slot, object.bytes())
                : StoredObjects.DAMAGED;
        if (length == StoredObjects.DAMAGED) {
            table.unlock(slot, word, word);
            return true;
        }
        table.unlock(slot, word, PageWord.leaving(word));
        if (!writer.add(slot, object, length, PageWord.compressor(word))) {
            stay(slot);
            return false;
        }
        cold.gone(length);
        owed += length;
        return true;
    }

    @Override
    public boolean written(int slot, long newWord) {
        ledger.sent(true);
        budget.spend(PageWord.length(newWord), System.nanoTime());
        long word = table.lockLeaving(slot);
        if (word == PageTable.BUSY) {
            return false;
        }
        if (!table.unlock(slot, word, newWord)) {
            return false;
        }
        objects.invalidate(word, slot);
        ledger.left(word, newWord);
        return true;
    }

    @Override
    public void refused(int slot) {
        ledger.sent(false);
        stay(slot);
    }

    private void stay(int slot) {
        long word = table.lockLeaving(slot);
        if (word != PageTable.BUSY) {
            table.unlock(slot, word, PageWord.staying(word));
        }
    }
}

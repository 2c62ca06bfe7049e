package io.ramzswap.writeback;

import io.ramzswap.table.AccessAges;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.Ledger;
import io.ramzswap.tier.TierSink;
import io.ramzswap.tier.TierSource;
import io.ramzswap.tier.Usage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves pages between two neighbours of a chain. Keeps the faster one from being full: when less than a twelfth of it is left,
 * its coldest pages go to the slower one, until a seventh is free. Pages that are used again are welcome back. The same thread
 * stores the pages for which the faster tier had no room, and keeps the slower one clean: all that is written there is written
 * here.
 *
 * <p>A page that goes is copied under its slot's lock and stays where it is, marked as {@linkplain PageWord#leaving leaving}.
 * Only when the copy is safe does the slot get its new word, if it still has the marked one: a thread that wrote or freed the
 * page meanwhile has put another in its place.
 *
 * <p>{@link #run} is for a thread of its own and goes on until {@link #stop}. Should it fail, the slower tier is {@linkplain
 * TierSink#abandon abandoned}.
 */
public final class WriteBack implements Runnable, TierSink.Owner, Usage {
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
    private final TierSource source;
    private final TierSink sink;
    private final Ledger ledger;
    private final ColdPages cold;
    private final WriteBudget budget = new WriteBudget(System.nanoTime());
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

    /**
     * Between two tiers.
     *
     * @param source the faster one, which this closes
     * @param sink the slower one
     */
    public WriteBack(PageTable table, AccessAges ages, int slots, TierSource source, TierSink sink, Ledger ledger) {
        this.table = table;
        this.ages = ages;
        this.source = source;
        this.sink = sink;
        this.ledger = ledger;
        this.slots = slots;
        this.settled = slots;
        this.cold = new ColdPages(table, ages, slots, source.states());
    }

    @Override
    public void run() {
        try {
            sink.begin();
            while (!stopped) {
                if (!step()) {
                    LockSupport.parkNanos(this, isNear() ? NAP_NANOS : REST_NANOS);
                }
            }
            sink.flush(this);
        } catch (RuntimeException | Error e) {
            // Going on might write what a half-done step has left. Without this thread nothing is lost, and memory is
            // all there is.
            sink.abandon();
            throw e;
        } finally {
            sink.end();
            source.close();
        }
    }

    /** Ends {@link #run} soon. */
    public void stop() {
        stopped = true;
        sink.wake();
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
            sink.wake();
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
            last = new Census(AgeHistogram.of(table, ages, slots, source.states()), now);
            census = last;
        }
        return last.histogram;
    }

    @Override
    public int touch(int slot) {
        int age = ages.age(slot);
        ages.touch(slot);
        return age;
    }

    /**
     * If the page would still be in the faster tier, had it been there. A page that comes in later than that would be gone again
     * before it is used again.
     */
    @Override
    public boolean isWelcome(long word, int age) {
        return AccessAges.nanos(Coldness.of(word, age)) < System.nanoTime() - keptSince
                && source.usedBytes() < share(BRIM)
                && !source.isShort();
    }

    private long share(int of64) {
        return source.limitBytes() / SHARES * of64;
    }

    /** Whether memory may be full soon. */
    private boolean isNear() {
        return source.usedBytes() > share(LOW);
    }

    /** One batch at most. Answers whether there was something to do. */
    private boolean step() {
        long now = System.nanoTime();
        ages.advance(now);
        settleAges(now);
        boolean overflow = sink.addWaiting(this);
        boolean moves = moveCold(now, overflow);
        boolean cleans = sink.clean(this);
        if (overflow || !(moves || cleans)) {
            // Else the batch is filled first: what is flushed takes whole pages of the log.
            sink.flush(this);
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
                if (sink.isFull()) {
                    return false;
                }
                sink.flush(this);
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
        sink.flush(this);
        cold.stop();
        pending = ColdPages.NONE;
        if (!onOrder) {
            keptSince = now - AccessAges.nanos(cold.leastColdness());
        }
        roundEnded = now;
        source.pagesLeft();
    }

    /** A round comes by each page once; by one that the round before was at, again. So that leaves nothing behind. */
    private void beginRound() {
        sink.flush(this);
        pending = ColdPages.NONE;
    }

    private boolean isMoving() {
        return cold.isActive() || pending != ColdPages.NONE;
    }

    /** Whether the disk is well, and there is budget. */
    private boolean mayMove(long now) {
        return sink.isWilling(now) && hasBudget(now);
    }

    /** Whether there is some when all of the batch is paid: so a page is the most by which it is overdrawn. */
    private boolean hasBudget(long now) {
        if (sink.isEmpty()) {
            owed = 0;
        }
        return budget.left(now) > owed;
    }

    private boolean begin(long now, boolean overflow) {
        long used = source.usedBytes();
        boolean rested = now - roundEnded > SETTLE_NANOS;
        if (!overflow && (used <= share(HIGH) || !rested)) {
            return false;
        }
        beginRound();
        long wanted = Math.max(used - share(LOW), source.limitBytes() / SHARES);
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
        int length = PageWord.isIn(source.states(), word) && !PageWord.isLeaving(word)
                ? source.copy(word, slot, sink.object())
                : TierSource.DAMAGED;
        if (length == TierSource.DAMAGED) {
            table.unlock(slot, word, word);
            return true;
        }
        table.unlock(slot, word, PageWord.leaving(word));
        if (!sink.add(slot, length, PageWord.compressor(word))) {
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
        source.free(word, slot);
        ledger.left(word, newWord, sink.bytes(newWord));
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

package io.ramzswap.device;

import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingState;
import io.ramzswap.backing.BackingStore;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.LinearStore;
import io.ramzswap.backing.LogStatistics;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.backing.log.LogStore;
import io.ramzswap.nbd.closing.ThreadEnd;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.table.PageTable;
import io.ramzswap.tier.Chain;
import io.ramzswap.tier.TierSink;
import io.ramzswap.tier.TierSource;
import io.ramzswap.writeback.AgeHistogram;
import io.ramzswap.writeback.AgeTable;
import io.ramzswap.writeback.WriteBack;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** A backing swap as a tier of a device and, where its layout takes cold pages, what moves them there and back. */
final class BackingTier implements AutoCloseable {
    private final BackingSwap swap;
    private final BackingStore store;
    /** The ages of pages; empty for a layout that takes no cold pages. */
    private final Optional<AgeTable> ages;

    private Optional<Mover> mover = Optional.empty();

    /** The mover of pages, and its thread. */
    private record Mover(WriteBack writeBack, Thread thread, CounterRegistry registry, Counters counters) {
        void stop() {
            writeBack.stop();
            ThreadEnd.await(thread);
            registry.closeOwn(counters);
        }
    }

    /**
     * Over a backing swap.
     *
     * @throws SharedMemoryException if there is no memory for what has to be known of it; it is as it was
     */
    BackingTier(BackingSwap swap) {
        this.swap = swap;
        if (swap.options().layout() == BackingLayout.LINEAR) {
            this.store = new LinearStore(swap);
            this.ages = Optional.empty();
        } else {
            try (Undo undo = new Undo()) {
                AgeTable table = undo.with(AgeTable.create(swap.slots()), AgeTable::close);
                this.ages = Optional.of(table);
                this.store = undo.done(new LogStore(swap));
            }
        }
    }

    /** Memory that one takes for a backing swap of so many slots. */
    static long bytes(int slots, BackingOptions options) {
        return options.layout() == BackingLayout.LINEAR
                ? LinearStore.bytes(slots, options)
                : LogStore.bytes((long) slots * DeviceSettings.PAGE_SIZE) + AgeTable.bytes(slots);
    }

    /** Memory that it takes. */
    long bytes() {
        return store.bytes() + ages.map(AgeTable::bytes).orElse(0L);
    }

    BackingSwap swap() {
        return swap;
    }

    /** Its tier in the chain. */
    BackingStore store() {
        return store;
    }

    Optional<WriteBack> writeBack() {
        return mover.map(Mover::writeBack);
    }

    /**
     * Has cold pages moved here from the faster neighbour, if this layout takes them.
     *
     * @param chain learns when pages are used
     * @param source the neighbour; closed in any case
     */
    void startMover(PageTable table, Chain chain, TierSource source, CounterRegistry registry, ThreadFactory threads) {
        Optional<TierSink> sink = store.sink();
        if (sink.isEmpty()) {
            source.close();
            return;
        }
        try (Undo undo = new Undo()) {
            undo.with(source, TierSource::close);
            Counters counters = undo.with(registry.openOwn(), registry::closeOwn);
            WriteBack writeBack = new WriteBack(
                    table, ages.get().ages(), swap.slots(), source, sink.get(), new CountingLedger(counters));
            Thread thread = threads.newThread(writeBack);
            thread.start();
            mover = undo.done(Optional.of(new Mover(writeBack, thread, registry, counters)));
            chain.setUsage(writeBack);
        }
    }

    BackingState state() {
        return store.state();
    }

    TierStatistics statistics(CounterRegistry counts) {
        String layout = swap.options().layout().label();
        boolean encrypted = swap.options().encrypted();
        if (mover.isEmpty()) {
            return TierStatistics.of(layout, encrypted);
        }
        WriteBack writeBack = mover.get().writeBack();
        LogStatistics figures = store.statistics();
        AgeHistogram histogram = writeBack.histogram();
        long budget = writeBack.limits().bytesPerHour();
        return new TierStatistics(
                layout,
                encrypted,
                Math.max(0, counts.sum(Counter.BACKED_BYTES)),
                counts.sum(Counter.WRITTEN_BACK),
                counts.sum(Counter.BROUGHT_BACK),
                figures.writtenBytes(),
                figures.cleanedBytes(),
                figures.segments(),
                figures.freeSegments(),
                budget,
                budget == 0 ? 0 : writeBack.budgetLeft(),
                histogram.inMinute(),
                histogram.inTenMinutes(),
                histogram.inHour(),
                histogram.earlier());
    }

    /** Nothing moves any more afterwards. Before the memory goes. */
    void stop() {
        mover.ifPresent(Mover::stop);
        mover = Optional.empty();
    }

    /** No session is open any more. The backing swap stays open. */
    @Override
    public void close() {
        stop();
        store.close();
        ages.ifPresent(AgeTable::close);
    }
}

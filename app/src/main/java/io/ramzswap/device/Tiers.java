package io.ramzswap.device;

import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSession;
import io.ramzswap.backing.BackingState;
import io.ramzswap.backing.BackingStore;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.LinearStore;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.backing.log.LogStatistics;
import io.ramzswap.backing.log.LogStore;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.nbd.closing.ThreadEnd;
import io.ramzswap.table.AccessAges;
import io.ramzswap.table.PageWord;
import io.ramzswap.writeback.AgeHistogram;
import io.ramzswap.writeback.AgeTable;
import io.ramzswap.writeback.WriteBack;
import io.ramzswap.zcache.CompressedStore;
import io.ramzswap.zcache.StoredObjects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** What lies below memory: a backing swap, how pages lie on it and, with a log, what moves them there and back. */
final class Tiers implements AutoCloseable {
    private final BackingSwap swap;
    private final BackingStore store;
    private final Optional<LogStore> log;
    private final Optional<AgeTable> ages;
    private Optional<WriteBack> writeBack = Optional.empty();
    private Optional<Thread> thread = Optional.empty();
    private CounterRegistry registry;
    private Counters counters;

    /**
     * Over a backing swap.
     *
     * @throws SharedMemoryException if there is no memory for what has to be known of it; it is as it was
     */
    Tiers(BackingSwap swap) {
        this.swap = swap;
        if (swap.options().layout() == BackingLayout.LINEAR) {
            this.store = new LinearStore(swap);
            this.log = Optional.empty();
            this.ages = Optional.empty();
        } else {
            AgeTable table = AgeTable.create(swap.slots());
            this.ages = Optional.of(table);
            this.log = Optional.of(openLog(swap, table));
            this.store = log.get();
        }
    }

    /** Memory that one takes for a backing swap of so many slots. */
    static long bytes(int slots, BackingOptions options) {
        return options.layout() == BackingLayout.LINEAR
                ? LinearStore.bytes(slots, options)
                : LogStore.bytes((long) slots * DeviceSettings.PAGE_SIZE) + AgeTable.bytes(slots);
    }

    private static LogStore openLog(BackingSwap swap, AgeTable table) {
        try {
            return new LogStore(swap);
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
    }

    /** For the thread that moves pages. */
    private static final class CountingLedger implements WriteBack.Ledger {
        private final Counters counters;
        private final PageCounts counts;

        CountingLedger(Counters counters) {
            this.counters = counters;
            this.counts = new PageCounts(counters);
        }

        @Override
        public void sent(boolean taken) {
            counters.add(Counter.BACKING_WRITES, 1);
            if (!taken) {
                counters.add(Counter.BACKING_FAILED_WRITES, 1);
            }
        }

        @Override
        public void left(long memoryWord, long diskWord) {
            counts.add(memoryWord, -1, 0);
            counts.add(diskWord, 1, PageWord.length(diskWord));
            counters.add(Counter.WRITTEN_BACK, 1);
        }
    }

    /** Memory that it takes. */
    long bytes() {
        return store.bytes() + ages.map(AgeTable::bytes).orElse(0L);
    }

    /** Before the device is used. If it fails, {@link #close} all the same. */
    void start(
            CompressorKind compressor,
            DeviceMemory memory,
            CompressedStore objects,
            CounterRegistry counterRegistry,
            ThreadFactory threads) {
        if (log.isEmpty()) {
            return;
        }
        registry = counterRegistry;
        counters = registry.openOwn();
        log.get().serve(memory.tables().pageTable(), compressor);
        StoredObjects opened = objects.openObjects();
        try {
            WriteBack mover = new WriteBack(
                    memory.tables().pageTable(),
                    ages.get().ages(),
                    memory.arena(),
                    memory.compactor(),
                    opened,
                    swap,
                    log.get(),
                    new CountingLedger(counters));
            Thread runner = threads.newThread(mover);
            runner.start();
            writeBack = Optional.of(mover);
            thread = Optional.of(runner);
        } catch (RuntimeException | Error e) {
            opened.close();
            throw e;
        }
    }

    BackingSwap swap() {
        return swap;
    }

    Optional<LogStore> log() {
        return log;
    }

    Optional<WriteBack> writeBack() {
        return writeBack;
    }

    BackingSession openDisk() {
        return store.open();
    }

    /** When each slot was used last; where that matters. */
    Optional<AccessAges> ages() {
        return ages.map(AgeTable::ages);
    }

    /** Whether memory should take a page back, of this word, that was used so long ago, and now again. */
    boolean isWelcome(long word, int age) {
        return writeBack.get().isWelcome(word, age);
    }

    /** Whether a page that memory could take as well should go to the disk. */
    boolean isWilling(long now) {
        return swap.isWilling(now);
    }

    /** How the backing swap is. */
    BackingState state() {
        BackingState state = swap.state();
        boolean full = log.map(store -> store.writer().isFull()).orElse(false);
        return state == BackingState.HEALTHY && full ? BackingState.FULL : state;
    }

    TierStatistics statistics(CounterRegistry counts) {
        String layout = swap.options().layout().label();
        boolean encrypted = swap.options().encrypted();
        if (writeBack.isEmpty()) {
            return TierStatistics.of(layout, encrypted);
        }
        LogStatistics figures = log.get().statistics();
        AgeHistogram histogram = writeBack.get().histogram();
        long budget = writeBack.get().limits().bytesPerHour();
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
                budget == 0 ? 0 : writeBack.get().budgetLeft(),
                histogram.inMinute(),
                histogram.inTenMinutes(),
                histogram.inHour(),
                histogram.earlier());
    }

    /** Nothing moves any more afterwards. Before the memory goes. */
    void stop() {
        writeBack.ifPresent(WriteBack::stop);
        thread.ifPresent(ThreadEnd::await);
        if (registry != null) {
            registry.closeOwn(counters);
            registry = null;
        }
    }

    /** No session is open any more. The backing swap stays open. */
    @Override
    public void close() {
        stop();
        store.close();
        ages.ifPresent(AgeTable::close);
    }
}

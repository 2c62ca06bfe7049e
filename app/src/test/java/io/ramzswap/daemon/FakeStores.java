package io.ramzswap.daemon;

import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.attach.NoExport;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.device.SwapExport;
import io.ramzswap.writeback.WriteBackLimits;
import io.ramzswap.writeback.WriteBackOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Makes stores that hold nothing, and knows which of them are open. */
public final class FakeStores implements Store.Factory {
    /** A store of this kind wants a memory limit not below this. */
    public static final long LEAST_MEM_LIMIT_BYTES = 1 << 20;

    private final List<DeviceSettings> made = new ArrayList<>();
    private final List<WriteBackOrder> orders = new ArrayList<>();
    private final List<WriteBackLimits> writeBackLimits = new ArrayList<>();
    private final List<Long> limits = new ArrayList<>();
    private final List<CompressorKind> compressors = new ArrayList<>();
    private long budgetLeft = Long.MAX_VALUE;
    private int open;
    private volatile long refusedWrites;
    private boolean failing;
    private volatile UnaryOperator<DeviceStatistics> change = UnaryOperator.identity();

    /** Whether the next store can be made. */
    public FakeStores failing(boolean is) {
        failing = is;
        return this;
    }

    /** What is changed of their figures from now on. */
    public FakeStores changing(UnaryOperator<DeviceStatistics> how) {
        change = how;
        return this;
    }

    /** How much their write-back limits leave. */
    public FakeStores budgetLeft(long bytes) {
        budgetLeft = bytes;
        return this;
    }

    /** Has each store tell that it refused so many writes. */
    public void refuseWrites(long count) {
        refusedWrites = count;
    }

    /** What they were asked to write back. */
    public List<WriteBackOrder> orders() {
        return orders;
    }

    /** The limits of write-back that they were given, in order. */
    public List<WriteBackLimits> writeBackLimits() {
        return writeBackLimits;
    }

    /** What stores were made with, in order. */
    public List<DeviceSettings> made() {
        return made;
    }

    /** The memory limits that were set after that, in order. */
    public List<Long> limits() {
        return limits;
    }

    /** The compressors that were set after that, in order. */
    public List<CompressorKind> compressors() {
        return compressors;
    }

    /** How many were made and not closed. */
    public int open() {
        return open;
    }

    @Override
    public Store create(AttachmentPoint point, DeviceSettings settings, Optional<BackingSwap> backing)
            throws DeviceException {
        if (failing) {
            throw new DeviceException("8 kB of memory for the page table cannot be had");
        }
        made.add(settings);
        open++;
        return new Store() {
            private long memLimit = given(settings);

            @Override
            public SwapExport export() {
                return NoExport.create();
            }

            @Override
            public DeviceStatistics statistics() {
                return change.apply(new DeviceStatistics(
                        settings.diskSizeBytes(),
                        memLimit,
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        7,
                        8,
                        9,
                        10,
                        11,
                        12,
                        13,
                        14,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        backingStatistics(backing)));
            }

            @Override
            public long refusedWrites() {
                return refusedWrites;
            }

            @Override
            public void setMemLimit(DeviceSettings changed) throws DeviceException {
                if (changed.memLimitBytes() < LEAST_MEM_LIMIT_BYTES) {
                    throw new DeviceException("a memlimit that leaves no room");
                }
                limits.add(changed.memLimitBytes());
                memLimit = given(changed);
            }

            @Override
            public void setCompressor(CompressorKind kind) throws DeviceException {
                if (failing) {
                    throw new DeviceException("serving could not be rehearsed");
                }
                compressors.add(kind);
            }

            @Override
            public OptionalLong writeBack(WriteBackOrder order) {
                orders.add(order);
                return backing.isPresent() ? OptionalLong.of(budgetLeft) : OptionalLong.empty();
            }

            @Override
            public void setWriteBackLimits(WriteBackLimits changed) {
                writeBackLimits.add(changed);
            }

            @Override
            public void close() {
                open--;
                backing.ifPresent(BackingSwap::close);
            }
        };
    }

    private static long given(DeviceSettings settings) {
        return settings.memLimitGiven() ? settings.memLimitBytes() : 0;
    }

    private static BackingStatistics backingStatistics(Optional<BackingSwap> backing) {
        return backing.map(swap -> new BackingStatistics(
                        swap.path().toString(), swap.state().label(), 15, 16, 17, 18, 19, 20, TierStatistics.NONE))
                .orElse(BackingStatistics.NONE);
    }
}

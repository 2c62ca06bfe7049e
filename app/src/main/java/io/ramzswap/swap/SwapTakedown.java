package io.ramzswap.swap;

import io.ramzswap.host.SwapArea;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.util.List;
import java.util.function.Predicate;

/** Takes all swap of a daemon's back into memory, if memory holds it. For one thread. */
public final class SwapTakedown {
    private static final String DEVICES = "/dev/nbd";
    private static final long LOOK_MILLIS = 1000;

    private final MemoryUse memory;
    private final SwapAreas areas;
    private final Runnable progress;

    /** {@code progress} is called, on a thread of its own, about each second in which something was read back. */
    public SwapTakedown(MemoryUse memory, SwapAreas areas, Runnable progress) {
        this.memory = memory;
        this.areas = areas;
        this.progress = progress;
    }

    /**
     * Takes it down.
     *
     * @param isOurs whether a device is the daemon's
     * @return the devices that were swap
     * @throws OperationException NO_MEMORY if memory does not hold it, and nothing has changed; or whatever swapoff met with
     */
    public List<String> run(Predicate<String> isOurs) throws OperationException {
        List<SwapArea> ours = memory.swapAreas().stream()
                .filter(area -> area.path().startsWith(DEVICES) && isOurs.test(area.path()))
                .toList();
        refuseIfItDoesNotFit(ours);
        Thread looking = startLooking(ours.stream().map(SwapArea::path).toList());
        try {
            for (SwapArea area : ours) {
                areas.off(area.path());
            }
        } finally {
            looking.interrupt();
        }
        return ours.stream().map(SwapArea::path).toList();
    }

    private void refuseIfItDoesNotFit(List<SwapArea> ours) throws OperationException {
        long used = usedBytes(ours);
        long available = memory.availableBytes();
        if (used > 0 && used >= available) {
            throw new OperationException(
                    Refusal.NO_MEMORY,
                    "not swapped off: " + mebibytes(used) + " are swapped out and only " + mebibytes(available)
                            + " of memory are available; end something first. Nothing was changed, swap goes on");
        }
    }

    private Thread startLooking(List<String> ours) {
        Thread thread = new Thread(() -> look(ours), "swapoff-progress");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void look(List<String> ours) {
        try {
            Readback readback = new Readback(memory, ours);
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                if (readback.hasGoneOn()) {
                    progress.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (OperationException e) {
            // Nobody hears of the progress, then; the takedown itself does not need it.
        }
    }

    /** Whether these areas, whatever others do, are being emptied. For one thread. */
    static final class Readback {
        private final MemoryUse memory;
        private final List<String> ours;
        private long before;

        Readback(MemoryUse memory, List<String> ours) throws OperationException {
            this.memory = memory;
            this.ours = ours;
            this.before = used();
        }

        /** Whether less is in them than when it was looked the last time. */
        boolean hasGoneOn() throws OperationException {
            long now = used();
            boolean less = now < before;
            before = now;
            return less;
        }

        private long used() throws OperationException {
            return usedBytes(memory.swapAreas().stream()
                    .filter(area -> ours.contains(area.path()))
                    .toList());
        }
    }

    private static long usedBytes(List<SwapArea> areas) {
        return areas.stream().mapToLong(SwapArea::usedBytes).sum();
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}

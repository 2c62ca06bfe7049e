package io.ramzswap.doctor;

import io.ramzswap.backing.BackingState;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.notify.NotifyState;
import io.ramzswap.notify.SwapStatistics;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * An ailment of a device: how it is recognised, how bad it is, and the words for it. {@code rzscontrol doctor} and the daemon's
 * log tell of the same ones.
 */
public enum DeviceAilment {
    /** Pages failed their check. */
    CORRUPT_PAGES(
            Severity.ERROR,
            seen -> seen.statistics().corruptPages(),
            seen -> "CorruptPages is " + seen.statistics().corruptPages()
                    + ": pages did not pass their check when they were read, and were I/O errors instead of wrong bytes;"
                    + " the memory or a disk is bad, or it is a fault of ours",
            "apt install memtester && memtester 1G 1"),
    /** Pages could not be read for another reason. */
    FAILED_READS(
            Severity.ERROR,
            seen -> otherFailedReads(seen.statistics()),
            seen -> "FailedReads is " + seen.statistics().failedReads()
                    + ": pages could not be read back, and programs that needed them were killed",
            "dmesg --level=err,warn"),
    /** Pages were not taken. */
    REFUSED_WRITES(
            Severity.WARNING,
            seen -> seen.statistics().failedWrites(),
            seen -> "FailedWrites is " + seen.statistics().failedWrites()
                    + ": pages were refused, because there was no memory for them; the kernel keeps such pages and tries"
                    + " again, and the machine crawls",
            "rzscontrol analyze   # measures which sizes this host's memory needs"),
    /** No room for more. */
    STORE_FULL(
            Severity.ERROR,
            seen -> seen.isStoreFull() ? 1 : 0,
            seen -> "its memory is full (" + memory(seen) + ") while its swap area is not: further pages are refused",
            "rzscontrol analyze   # measures which sizes this host's memory needs"),
    /** Little room for more. */
    STORE_NEARLY_FULL(
            Severity.WARNING,
            seen -> seen.isStoreNearlyFull() ? 1 : 0,
            seen -> "its memory is nearly full (" + memory(seen)
                    + ") while its swap area is not: soon pages will be refused",
            "rzscontrol analyze   # measures which sizes this host's memory needs"),
    /** The disk gives no pages back. */
    BACKING_UNREADABLE(
            Severity.ERROR,
            seen -> is(seen, BackingState.UNREADABLE),
            seen -> backing(seen) + " did not give back the page that was read last ("
                    + seen.statistics().backing().failedReads() + " of "
                    + seen.statistics().backing().numReads() + " reads failed)",
            "dmesg --level=err,warn"),
    /** The disk takes no pages. */
    BACKING_UNWRITABLE(
            Severity.WARNING,
            seen -> is(seen, BackingState.UNWRITABLE),
            seen -> backing(seen) + " refuses pages ("
                    + seen.statistics().backing().failedWrites() + " of "
                    + seen.statistics().backing().numWrites() + " writes failed): only memory takes them now",
            "dmesg --level=err,warn"),
    /** The disk does not answer. */
    BACKING_STALLED(
            Severity.ERROR,
            seen -> is(seen, BackingState.STALLED),
            seen -> backing(seen)
                    + " has not answered a request for more than a second: programs that need pages from it" + " wait",
            "dmesg --level=err,warn"),
    /** The disk has no place left. */
    BACKING_FULL(
            Severity.WARNING,
            seen -> is(seen, BackingState.FULL),
            seen -> backing(seen) + " is full: only memory takes pages now"),
    /** The thread that writes to the disk has died. */
    BACKING_BROKEN(
            Severity.ERROR,
            seen -> is(seen, BackingState.BROKEN),
            seen -> "the thread that writes to " + backing(seen)
                    + " died of a fault of ours: what is there can be read, and only memory takes pages now",
            "journalctl -u ramzswap   # please report what it says"),
    /** Frees of slots are learnt of late. */
    NOTIFIER_OFF(
            Severity.NOTE,
            seen -> seen.swap().filter(DeviceAilment::isUnwatched).isPresent() ? 1 : 0,
            seen -> "freed swap slots are learnt of by TRIM alone, a whole cluster at a time: "
                    + seen.swap().orElseThrow().notifier().detail());

    private static final Set<DeviceAilment> EVENTS = EnumSet.of(CORRUPT_PAGES, FAILED_READS, REFUSED_WRITES);

    private final Severity severity;

    @SuppressWarnings("ImmutableEnumChecker") // it cannot be changed
    private final List<String> cures;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final ToLongFunction<Observation> count;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Function<Observation, String> words;

    DeviceAilment(
            Severity severity,
            ToLongFunction<Observation> count,
            Function<Observation, String> words,
            String... cures) {
        this.severity = severity;
        this.count = count;
        this.words = words;
        this.cures = List.of(cures);
    }

    /** Its severity. */
    public Severity severity() {
        return severity;
    }

    /** The number of times that it was seen since the device was initialised; for an ailment that is either there or not, 1 or 0. */
    public long count(Observation seen) {
        return count.applyAsLong(seen);
    }

    /** Whether {@link #count} tells that it is there now, and not how often it happened. */
    public boolean isState() {
        return !EVENTS.contains(this);
    }

    /** The line for a person, which follows the device's name. */
    public String words(Observation seen) {
        return words.apply(seen);
    }

    /** Commands that help. */
    List<String> cures() {
        return cures;
    }

    private static long otherFailedReads(DeviceStatistics figures) {
        return Math.max(0, figures.failedReads() - figures.corruptPages());
    }

    private static long is(Observation seen, BackingState state) {
        BackingStatistics backing = seen.statistics().backing();
        return backing.isPresent() && backing.state().equals(state.label()) ? 1 : 0;
    }

    private static String backing(Observation seen) {
        return "its backing swap " + seen.statistics().backing().path();
    }

    private static String memory(Observation seen) {
        return MemoryCheck.mebibytes(seen.statistics().memUsedTotalBytes()) + " of "
                + MemoryCheck.mebibytes(seen.statistics().memCeilingBytes());
    }

    /** A device that is no swap yet has nothing to be told of. */
    private static boolean isUnwatched(SwapStatistics swap) {
        NotifyState state = swap.notifier().state();
        return swap.isSwap() && (state == NotifyState.OFF || state == NotifyState.RESTING);
    }
}

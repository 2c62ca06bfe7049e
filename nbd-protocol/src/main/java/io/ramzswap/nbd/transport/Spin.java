package io.ramzswap.nbd.transport;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether, and how long, a thread that waits for a request looks for it again and again before it sleeps. To be woken takes
 * longer than to serve a page; but looking takes a processor.
 *
 * <ul>
 *   <li>A wait spins for {@value #LONGEST_NANOS} ns at most.
 *   <li>A wait that spun in vain halves that for the next, down to none; then more and more waits, up to {@value #MOST_SKIPPED},
 *       sleep at once before one tries again. One that found a request doubles it.
 *   <li>A wait that took clearly longer than it was to spin had its processor taken away: others may need it. The next {@value
 *       #SKIPPED_WHEN_DISTURBED} sleep at once. Not more, for a host takes virtual processors away a few times a second.
 *   <li>One processor is always left alone: of n, no more than n - 1 threads spin at a time, so with a single one nobody does.
 *       Where threads are tied to one of several processors, spinning is in vain, and stops as above.
 * </ul>
 *
 * <p>Confined to one thread, but for the count of those that spin.
 */
final class Spin {
    /** Where processors are virtual, waking an idle one takes 60 µs; a client that was woken so has to be waited for. */
    static final long LONGEST_NANOS = 200_000;

    static final int MOST_SKIPPED = 4096;

    static final int SKIPPED_WHEN_DISTURBED = 256;

    /** Longer than {@link #LONGEST_NANOS} and one more look take. */
    private static final long UNDISTURBED_NANOS = LONGEST_NANOS + 20_000;

    private static final long SHORTEST_NANOS = LONGEST_NANOS / 8;
    private static final int FEWEST_SKIPPED = 16;

    private static final Spinners OF_THIS_PROCESS =
            new Spinners(Runtime.getRuntime().availableProcessors() - 1, new AtomicInteger());

    private final Spinners spinners;
    private long nanos = LONGEST_NANOS;
    private int skipped = FEWEST_SKIPPED;
    private int toSkip;

    /** The number of threads that may spin at a time, and that do. */
    record Spinners(int most, AtomicInteger count) {}

    Spin(Spinners spinners) {
        this.spinners = spinners;
    }

    /** Spins where that pays. */
    static Spin whereItPays() {
        return new Spin(OF_THIS_PROCESS);
    }

    /** Lets every wait sleep at once. */
    static Spin never() {
        return new Spin(new Spinners(0, new AtomicInteger()));
    }

    /** Begins to spin: {@link #end} has to follow. Answers false when this wait is to sleep at once. */
    boolean begin() {
        if (toSkip > 0) {
            toSkip--;
            return false;
        }
        if (spinners.most() == 0) {
            return false;
        }
        if (spinners.count().incrementAndGet() > spinners.most()) {
            spinners.count().decrementAndGet();
            return false;
        }
        return true;
    }

    /** Returns the time to spin now. */
    long nanos() {
        return nanos;
    }

    /** Ends what {@link #begin} began. */
    void end() {
        spinners.count().decrementAndGet();
    }

    /** Takes note of how long it took, and whether a request came in that time; not of one that was there from the start. */
    void learn(boolean found, long elapsedNanos) {
        if (elapsedNanos > UNDISTURBED_NANOS) {
            toSkip = SKIPPED_WHEN_DISTURBED;
        } else if (found) {
            nanos = Math.min(2 * nanos, LONGEST_NANOS);
            skipped = FEWEST_SKIPPED;
        } else if (nanos > SHORTEST_NANOS) {
            nanos /= 2;
        } else {
            toSkip = skipped;
            skipped = Math.min(2 * skipped, MOST_SKIPPED);
        }
    }
}

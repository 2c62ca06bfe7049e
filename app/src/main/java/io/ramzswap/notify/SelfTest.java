package io.ramzswap.notify;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.device.SlotFrees;
import io.ramzswap.libc.Libc;
import io.ramzswap.nbd.closing.Undo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that events name our device and the right slots, and that they mean death. Two processes hold known pages, which
 * are swapped out by turns; one of them is ended. Every slot that an event names is looked up in our own store: the pages
 * of the dead one have to be there, as long as it lives its pages must not, and those of the other one never.
 *
 * <p>Where the pages do not get swapped out, or to another device, nothing is proven, neither way.
 */
final class SelfTest implements SlotFreeEvents.Receiver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);
    /** The number of the 256 known pages that is proof enough. Even one hit is no accident: each page holds 128 random bits. */
    private static final int ENOUGH = 32;
    /** One page in so many may be seen although it is alive, because the kernel may swap a page in by itself, and free its slot. */
    private static final int MOST_ALIVE_SHARE = 8;

    private static final int MOST_KEPT = 4096;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int STEPS_TO_FILL = 6;
    private static final int STEPS_TO_SWAP_OUT = 10;
    private static final int STEPS_TO_SEE = 40;

    private final SlotFrees slots;
    private final Libc libc;
    private final Steps steps;
    private final ByteBuffer page = ByteBuffer.allocateDirect(SharedMemory.PAGE_BYTES);
    private final List<SlotFree> kept = new ArrayList<>();
    private Optional<Subjects> ready = Optional.empty();
    private Optional<KnownPages> dead = Optional.empty();
    private List<KnownPages> alive = List.of();
    private int seenDead;
    private int seenAlive;

    private record SlotFree(long slot, int count, long nanoTime) {}

    /** The two processes, with their pages. */
    private record Subjects(KnownPages dying, KnownPages living) implements AutoCloseable {
        static Subjects start(Libc libc) throws IOException {
            try (Undo undo = new Undo()) {
                KnownPages dying = undo.with(KnownPages.start(libc), KnownPages::close);
                return undo.done(new Subjects(dying, KnownPages.start(libc)));
            }
        }

        @Override
        public void close() {
            dying.close();
            living.close();
        }
    }

    /** The phases of the test. */
    interface Steps {
        /** Lets time pass, then reads events. */
        void step(long nanos);

        /** Whether to give up. */
        boolean isEnding();
    }

    SelfTest(SlotFrees slots, Libc libc, Steps steps) {
        this.slots = slots;
        this.libc = libc;
        this.steps = steps;
    }

    /**
     * Takes every step once, which proves nothing, and makes the processes ready. While the device is not swap, a thread of ours
     * may wait for memory as long as it likes; when the test runs, the classes that it needs are there, and nothing has to be
     * started. What is missing on this machine shows as well.
     *
     * @throws IOException if the test cannot be run on this machine
     */
    void prepare() throws IOException {
        try (KnownPages pages = KnownPages.start(libc)) {
            alive = List.of(pages);
            pause(STEPS_TO_FILL);
            swapOutByTurns(pages.pieces(), pages, List.of(), pages);
            recognise();
            pages.free();
            steps.step(0);
        }
        makeReady();
    }

    private void makeReady() throws IOException {
        dead = Optional.empty();
        alive = List.of();
        seenDead = 0;
        seenAlive = 0;
        ready = Optional.of(Subjects.start(libc));
        pause(STEPS_TO_FILL);
    }

    /**
     * Runs it once, for up to three seconds.
     *
     * @return whether the events are proven right
     * @throws IOException if it cannot be run on this machine
     */
    boolean run() throws IOException {
        if (ready.isEmpty()) {
            makeReady();
        }
        try (Subjects subjects = ready.get()) {
            KnownPages dying = subjects.dying;
            KnownPages living = subjects.living;
            alive = List.of(dying, living);
            swapOutByTurns(dying.pieces(), dying, living.pieces(), living);
            pause(STEPS_TO_SWAP_OUT);
            alive = List.of(living);
            dead = Optional.of(dying);
            dying.free();
            pause(STEPS_TO_SEE);
        } finally {
            ready = Optional.empty();
        }
        LOG.debug("of the slots in events {} held pages of the dead, {} of the living", seenDead, seenAlive);
        return seenDead >= ENOUGH && seenAlive * MOST_ALIVE_SHARE <= seenDead;
    }

    /** Ends the processes that are ready, if there are any. The test can be run nevertheless. */
    @Override
    public void close() {
        ready.ifPresent(Subjects::close);
        ready = Optional.empty();
    }

    /** Tells somebody else of what was freed since the watching began, or of the first of it, once it is believed. */
    void replay(SlotFreeEvents.Receiver receiver) {
        kept.forEach(free -> receiver.freed(free.slot, free.count, free.nanoTime));
        kept.clear();
    }

    /**
     * Neighbours of the dying live on: else a whole cluster would be free, and the kernel might discard what it held before
     * it can be looked at.
     */
    private static void swapOutByTurns(
            List<KnownPages.Piece> ofOne, KnownPages one, List<KnownPages.Piece> ofOther, KnownPages other)
            throws IOException {
        int advised = 0;
        for (int i = 0; i < Math.max(ofOne.size(), ofOther.size()); i++) {
            if (i < ofOne.size() && one.swapOut(ofOne.get(i))) {
                advised++;
            }
            if (i < ofOther.size()) {
                other.swapOut(ofOther.get(i));
            }
        }
        if (advised == 0) {
            throw new IOException("the kernel does not take advice to swap memory out (process_madvise)");
        }
    }

    private void pause(int most) {
        for (int i = 0; i < most && seenDead < ENOUGH && !steps.isEnding(); i++) {
            steps.step(STEP_NANOS);
        }
    }

    @Override
    public void freed(long slot, int count, long nanoTime) {
        if (kept.size() < MOST_KEPT) {
            kept.add(new SlotFree(slot, count, nanoTime));
        }
        for (long end = slot + count; slot < end; slot++) {
            if (slots.peek(slot, page)) {
                recognise();
            }
        }
    }

    private void recognise() {
        if (dead.isPresent() && dead.get().isOne(page)) {
            seenDead++;
        } else if (alive.stream().anyMatch(pages -> pages.isOne(page))) {
            seenAlive++;
        }
    }
}

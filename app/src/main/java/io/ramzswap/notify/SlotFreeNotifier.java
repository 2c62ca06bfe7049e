package io.ramzswap.notify;

import io.ramzswap.device.SlotFrees;
import io.ramzswap.device.SwapExport;
import io.ramzswap.libc.Libc;
import io.ramzswap.nbd.closing.ThreadEnd;
import io.ramzswap.notify.trace.ProbeInstance;
import io.ramzswap.notify.trace.SubBuffer;
import io.ramzswap.notify.trace.TraceFs;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the kernel free the swap slots of one device, and frees what they hold. It has a thread of its own, which no
 * request waits for.
 *
 * <p>Events come late and get lost, and a slot that they name may have a new owner. So only a page that was stored before the
 * event goes: what was in the slot then is dead, and what is stored for a new owner is stored after the event. docs/notify.md
 * has the argument, and what may happen to events. It rests on the clocks ({@link io.ramzswap.table.WriteStamps}, {@link
 * SlotFreeEvents}), on looking at the stamp and emptying the slot in one step ({@link SlotFrees}), and on watching the right
 * function of the right device, which is not believed before {@link SelfTest} has seen it be so.
 */
public final class SlotFreeNotifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlotFreeNotifier.class);
    private static final long LOOK_FOR_SWAP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LONGEST_RETRY_NANOS = TimeUnit.MINUTES.toNanos(10);
    /** Between two looks into the buffers; less when they fill up. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST_PREPARATION_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** For who calls swapon by hand. After that the test's processes are ended, and started anew when they are needed. */
    private static final long KEPT_READY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final NotifierSettings settings;
    private final Libc libc;
    private final SlotFrees slots;
    private final SlotRelease release;
    private final Thread thread;
    private final CountDownLatch prepared = new CountDownLatch(1);

    private volatile boolean ending;
    private volatile NotifyState state = NotifyState.STARTING;
    private volatile String detail = "";
    private volatile long missed;
    private volatile long rests;
    private volatile long bufferBytes;
    private volatile long events;
    private volatile long foreign;

    private SlotFreeNotifier(NotifierSettings settings, Libc libc, SwapExport device, ThreadFactory threads) {
        this.settings = settings;
        this.libc = libc;
        this.slots = device.openSlotFrees();
        this.release = new SlotRelease(slots);
        this.thread = threads.newThread(this::run);
        thread.setName("notify-" + settings.name());
        thread.setDaemon(true);
    }

    /**
     * Begins to watch, in a thread of {@code threads}. Whether that is possible shows in the log and in {@link #statistics};
     * where it is not, the device works as well without.
     *
     * <p>Returns once everything is there that watching needs: the kernel's buffers, our classes, the processes of the test.
     * To be called before the device is swap, for all of that takes memory, which other programs then wait for us to free.
     * A thread that is interrupted does not wait; nobody waits for longer than half a minute.
     *
     * @param name the kernel's block device, as in nbd0, to which {@code device} is attached
     * @param deviceNumber as the kernel has it inside: major number &lt;&lt; 20 | minor number
     */
    public static SlotFreeNotifier start(String name, int deviceNumber, SwapExport device, ThreadFactory threads) {
        SlotFreeNotifier notifier = new SlotFreeNotifier(
                NotifierSettings.ofThisMachine(name, deviceNumber), Libc.system(), device, threads);
        notifier.thread.start();
        notifier.awaitPreparation();
        return notifier;
    }

    private void awaitPreparation() {
        try {
            if (!prepared.await(LONGEST_PREPARATION_NANOS, TimeUnit.NANOSECONDS)) {
                LOG.info("{}: it takes long to prepare the watching of freed slots; going on without", settings.path());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes what daemons that were killed have left in the kernel for devices whose names {@code isDead} picks. */
    public static void removeLeftOvers(Predicate<String> isDead) {
        TraceFs.mounted().ifPresent(tracing -> {
            try {
                for (String name : ProbeInstance.purposes(tracing)) {
                    if (isDead.test(name)) {
                        ProbeInstance.removeLeftOver(tracing, name);
                        LOG.info("{}: removed the probe that a killed daemon had left", name);
                    }
                }
            } catch (IOException e) {
                LOG.warn("a probe that a killed daemon had left could not be removed: {}", e.getMessage());
            }
        });
    }

    private void run() {
        try (slots) {
            try (Watch watch = Watch.set(settings, libc, (slot, count, time) -> {})) {
                bufferBytes = watch.bufferBytes();
                detail = watch.functionName();
                new Round(watch).serve();
            }
            detail = "ended";
        } catch (IOException | RuntimeException e) {
            detail = reason(e);
            LOG.info("{}: freed slots are learnt of by TRIM alone: {}", settings.path(), detail);
            LOG.debug("the notifier of {} has ended", settings.path(), e);
        } finally {
            bufferBytes = 0;
            state = NotifyState.OFF;
            prepared.countDown();
        }
    }

    /** The exceptions of files have a name for a message. */
    private static String reason(Exception e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + " may not be used";
        }
        if (e instanceof NoSuchFileException missing) {
            return "there is no " + missing.getFile();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** Runs the thread while the probe is set. This thread alone writes the figures. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private final class Round implements SelfTest.Steps {
        private final Watch watch;
        private final Overruns overruns = new Overruns();

        Round(Watch watch) {
            this.watch = watch;
        }

        void serve() throws IOException {
            if (!prove()) {
                return;
            }
            LOG.info(
                    "{}: freed slots are learnt of at once, from the kernel's {}",
                    settings.path(),
                    watch.functionName());
            state = NotifyState.ACTIVE;
            while (!ending) {
                step(Math.max(LONGEST_WAIT_NANOS, settings.delayNanos()));
                if (overruns.takeRest()) {
                    rest();
                }
            }
        }

        /**
         * Returns when it is proven, or false when the end is near. The probe is enabled before anybody can call swapon, and stays
         * so from the test on: a slot that is freed unseen is stale until TRIM.
         */
        private boolean prove() throws IOException {
            try (SelfTest test = new SelfTest(slots, libc, this)) {
                watch.events().tell(test);
                watch.enable(true);
                test.prepare();
                prepared.countDown();
                for (long retry = FIRST_RETRY_NANOS; !ending; retry = Math.min(2 * retry, LONGEST_RETRY_NANOS)) {
                    state = NotifyState.WAITING;
                    awaitSwap(test);
                    if (ending) {
                        return false;
                    }
                    state = NotifyState.TESTING;
                    if (test.run()) {
                        test.replay(release);
                        watch.events().tell(release);
                        return true;
                    }
                    tellOfFailedTest(retry);
                    watch.enable(false);
                    sleep(retry);
                    watch.enable(true);
                }
                return false;
            }
        }

        private void awaitSwap(SelfTest test) throws IOException {
            long began = System.nanoTime();
            while (!ending && settings.swaps().usedBytes(settings.path()).isEmpty()) {
                sleep(LOOK_FOR_SWAP_NANOS);
                if (System.nanoTime() - began > KEPT_READY_NANOS) {
                    test.close();
                }
            }
        }

        private void tellOfFailedTest(long retry) {
            String what =
                    "{}: freed slots are learnt of by TRIM alone for now: the test of the kernel's events has shown nothing";
            if (retry == FIRST_RETRY_NANOS) {
                LOG.info(what + ", and is repeated from time to time", settings.path());
            } else {
                LOG.debug(what, settings.path());
            }
        }

        private void rest() throws IOException {
            rests = rests + 1;
            state = NotifyState.RESTING;
            watch.enable(false);
            sleep(REST_NANOS);
            watch.enable(true);
            state = NotifyState.ACTIVE;
        }

        @Override
        public void step(long nanos) {
            if (nanos > LONGEST_WAIT_NANOS) {
                sleep(nanos);
            } else {
                watch.await((int) TimeUnit.NANOSECONDS.toMillis(nanos));
            }
            watch.read();
            long lost = watch.takeMissed();
            if (lost > 0) {
                missed = missed + (lost == SubBuffer.MISSED_UNKNOWN ? 1 : lost);
            }
            overruns.note(lost > 0);
            events = watch.events().events();
            foreign = watch.events().foreign() + watch.events().untimely();
        }

        @Override
        public boolean isEnding() {
            return ending;
        }
    }

    /** Until then, or until the end. */
    private void sleep(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !ending; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** The notifier in figures. */
    public NotifyStatistics statistics() {
        return new NotifyStatistics(
                state, detail, events, release.tooNew(), missed, foreign + release.noSlot(), rests, bufferBytes);
    }

    /** Ends the watching, and waits for that. The kernel is as if nothing had been watched. */
    @Override
    public void close() {
        ending = true;
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }
}

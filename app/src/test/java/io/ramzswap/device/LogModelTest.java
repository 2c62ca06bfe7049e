package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.FaultyFile.Faults;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.writeback.WriteBackKind;
import io.ramzswap.writeback.WriteBackOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A device with a log behind it against plain references, while pages leave memory and come back all the time: somebody asks
 * for everything to be written back again and again, the memory limit goes up and down, and the log is cleaned under it.
 */
@Timeout(300)
@ParameterizedClass(name = "encrypted: {0}")
@ValueSource(booleans = {true, false})
class LogModelTest {
    private static final int SLOTS = 1024;
    private static final int THREADS = 3;
    private static final List<WriteBackKind> KINDS = List.of(WriteBackKind.values());

    /** The slots are gone through in one step. */
    private static final Scale SMALL = new Scale(SLOTS, 700L << 10, 20_000_000);
    /** That takes many steps, and another order comes in the midst of them. */
    private static final Scale LARGE = new Scale(1 << 17, 8L << 20, 1_000_000);

    private final BackingOptions options;
    private FaultyFile file;

    /** A device, and how long it is left alone at most. */
    private record Scale(int slots, long leastMemory, int mostPauseNanos) {
        DeviceSettings settings(int memory) {
            return new DeviceSettings((long) slots * PAGE, memory * leastMemory / PAGE * PAGE, true);
        }
    }

    LogModelTest(boolean encrypted) {
        options = new BackingOptions(BackingLayout.LOG, encrypted);
    }

    private RamzswapDevice open(Scale scale, Faults faults) throws DeviceException {
        file = new FaultyFile(scale.slots);
        file.inject(faults);
        return RamzswapDevice.create("rz0", scale.settings(1), Optional.of(file.swap(options)), Thread::new);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void shouldBehaveAsAnArrayOfPages(long seed) throws Exception {
        try (RamzswapDevice device = open(SMALL, Faults.NONE);
                DeviceClient client = new DeviceClient(device)) {
            // How often which way is taken depends on how fast pages are moved: until all were.
            do {
                run(device, true, seed, 15_000);
                client.trim(1, SLOTS - 1);
            } while (!hasTakenEveryWay(device.statistics().backing()));

            assertThat(file.collisions()).as("two writes to one place").isZero();
            assertThat(file.overtakenReads())
                    .as("a write to a place that is read")
                    .isZero();
            DeviceStatistics statistics = device.statistics();
            assertThat(statistics.corruptPages()).isZero();
            assertThat(statistics.backing().failedReads()).isZero();
            assertThat(statistics.backing().pages()).isZero();
            assertThat(statistics.backing().tiers().compressedBytes()).isZero();
        }
    }

    private static boolean hasTakenEveryWay(BackingStatistics backing) {
        return backing.tiers().writtenBackPages() > 1000
                && backing.numReads() > 1000
                && backing.tiers().broughtBackPages() > 0
                && backing.tiers().cleanedBytes() > 0;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 5, 6})
    void shouldNeverGiveWrongBytesHoweverTheDiskFails(long seed) throws Exception {
        try (RamzswapDevice device = open(SMALL, new Faults(seed, 20, 60, 50, 20, 5));
                DeviceClient client = new DeviceClient(device)) {
            do {
                client.trim(1, SLOTS - 1);
                run(device, false, seed, 10_000);
            } while (device.statistics().backing().failedReads() == 0);

            assertThat(file.collisions()).as("two writes to one place").isZero();
            assertThat(file.overtakenReads())
                    .as("a write to a place that is read")
                    .isZero();
            DeviceStatistics statistics = device.statistics();
            assertThat(statistics.corruptPages()).isZero();
        }
    }

    /** One thread writes a slot, all read it: nobody sees a version older than one he knows to be there. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {7, 8, 9})
    void shouldNeverShowAReaderAnOlderPage(long seed) throws Exception {
        showsNoOlderPage(seed, SMALL);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {10, 11})
    void shouldNeverShowAReaderAnOlderPageHoweverManySlotsThereAre(long seed) throws Exception {
        showsNoOlderPage(seed, LARGE);
    }

    private void showsNoOlderPage(long seed, Scale scale) throws Exception {
        int contended = 2 * THREADS;
        int distance = scale.slots / (contended + 1);
        AtomicLongArray begun = new AtomicLongArray(contended + 1);
        AtomicLongArray done = new AtomicLongArray(contended + 1);
        try (RamzswapDevice device = open(scale, Faults.NONE)) {
            stirred(device, scale, seed, thread -> {
                Random random = new Random(seed * THREADS + thread);
                try (DeviceClient client = new DeviceClient(device)) {
                    for (int step = 0; step < 10_000; step++) {
                        int slot = 1 + random.nextInt(contended);
                        if (slot % THREADS == thread && random.nextInt(3) == 0) {
                            long version = begun.incrementAndGet(slot);
                            assertThat(client.write(slot * distance, page(slot, version)))
                                    .isEqualTo(NbdError.OK);
                            done.set(slot, version);
                        } else {
                            long oldest = done.get(slot);
                            byte[] read = client.read(slot * distance);
                            int version = versionOf(read);
                            assertThat(Arrays.equals(read, version == 0 ? new byte[PAGE] : page(slot, version)))
                                    .isTrue();
                            assertThat((long) version).isBetween(oldest, begun.get(slot));
                        }
                    }
                }
            });
            assertThat(file.overtakenReads())
                    .as("a write to a place that is read")
                    .isZero();
            DeviceStatistics statistics = device.statistics();
            assertThat(statistics.corruptPages() + statistics.failedReads()).isZero();
        }
    }

    private static byte[] page(int slot, long version) {
        byte[] page = TestPages.mixed(new Random(version), (int) (version * 997 % PAGE));
        page[0] = (byte) slot;
        page[1] = (byte) (version >> 16);
        page[2] = (byte) (version >> 8);
        page[3] = (byte) version;
        return page;
    }

    private static int versionOf(byte[] page) {
        return (page[1] & 0xff) << 16 | (page[2] & 0xff) << 8 | (page[3] & 0xff);
    }

    private static void run(RamzswapDevice device, boolean takesAll, long seed, int steps) throws Exception {
        stirred(
                device,
                SMALL,
                seed,
                thread -> new OwnSlots(device, takesAll, thread, new Random(seed * THREADS + thread)).run(steps));
    }

    private static void stirred(RamzswapDevice device, Scale scale, long seed, IntConsumer task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);
        try {
            Future<?> restless = executor.submit(() -> stir(device, scale, new Random(seed)));
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                results.add(executor.submit(() -> task.accept(thread)));
            }
            for (Future<?> result : results) {
                result.get();
            }
            executor.shutdownNow();
            restless.get();
        } finally {
            executor.shutdownNow();
            assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Until the thread is interrupted. */
    private static void stir(RamzswapDevice device, Scale scale, Random random) {
        while (!Thread.currentThread().isInterrupted()) {
            device.writeBack(new WriteBackOrder(KINDS.get(random.nextInt(KINDS.size())), 0));
            LockSupport.parkNanos(random.nextInt(scale.mostPauseNanos));
            try {
                device.setMemLimit(scale.settings(1 + random.nextInt(3)));
            } catch (DeviceException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A part of the slots, and what they hold as one thread knows it. */
    private static final class OwnSlots {
        private final RamzswapDevice device;
        /** Whether the disk does, and so the log, of which no more than two thirds are ever live. */
        private final boolean takesAll;

        private final int thread;
        private final Random random;
        /** An empty page at the beginning; null where the last write was refused. */
        private final byte[][] model = new byte[SLOTS][PAGE];

        OwnSlots(RamzswapDevice device, boolean takesAll, int thread, Random random) {
            this.device = device;
            this.takesAll = takesAll;
            this.thread = thread;
            this.random = random;
        }

        void run(int steps) {
            try (DeviceClient client = new DeviceClient(device)) {
                for (int step = 0; step < steps; step++) {
                    int slot = THREADS + random.nextInt(SLOTS / THREADS - 1) * THREADS + thread;
                    int action = random.nextInt(12);
                    if (action == 0) {
                        client.trim(slot, 1);
                        model[slot] = new byte[PAGE];
                    } else if (action < 5) {
                        write(client, slot);
                        if (action == 1) {
                            // Once more, at once: the first copy may be on its way.
                            write(client, slot);
                        }
                    } else {
                        read(client, slot, step);
                    }
                }
                for (int slot = THREADS + thread; slot < SLOTS; slot += THREADS) {
                    read(client, slot, steps);
                }
            }
        }

        private void write(DeviceClient client, int slot) {
            // Poor ones mostly, so that the log is rather full.
            byte[] page = random.nextInt(4) == 0
                    ? TestPages.any(random)
                    : TestPages.mixed(random, PAGE / 2 + random.nextInt(PAGE / 2));
            boolean taken = client.write(slot, page) == NbdError.OK;
            if (!taken && takesAll) {
                throw new AssertionError(
                        "slot " + slot + " was refused: " + device.statistics().backing());
            }
            model[slot] = taken ? page : null;
        }

        private void read(DeviceClient client, int slot, int step) {
            byte[] read = new byte[PAGE];
            long failedBefore = device.statistics().backing().failedReads();
            int error = client.read(slot, read);
            if (error == NbdError.OK) {
                assertThat(model[slot])
                        .as("step %d, slot %d was refused", step, slot)
                        .isNotNull();
                assertThat(Arrays.equals(read, model[slot]))
                        .as("step %d, slot %d", step, slot)
                        .isTrue();
            } else if (model[slot] != null) {
                assertThat(device.statistics().backing().failedReads())
                        .as("step %d, slot %d: an error without a reason", step, slot)
                        .isGreaterThan(failedBefore);
            }
        }
    }
}

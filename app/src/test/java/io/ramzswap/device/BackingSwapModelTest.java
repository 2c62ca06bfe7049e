package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.FaultyFile.Faults;
import io.ramzswap.nbd.NbdError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A device with a backing swap against plain references, from several threads at once, while the disk fails now and then.
 * Whatever happens, a read gives the bytes that were written last, or an error; never others, never older ones.
 */
@Timeout(300)
@ParameterizedClass(name = "{0}")
@MethodSource("ways")
class BackingSwapModelTest {
    private static final int SLOTS = 1024;
    private static final int THREADS = 4;
    /** Tables, and pages for a part of the slots only. */
    private static final DeviceSettings SETTINGS =
            new DeviceSettings((long) SLOTS * PAGE, SLOTS / 3 * (long) PAGE, true);

    private final FaultyFile file = new FaultyFile(SLOTS);
    private final BackingOptions options;

    BackingSwapModelTest(BackingOptions options) {
        this.options = options;
    }

    static List<BackingOptions> ways() {
        return Stream.of(BackingLayout.values())
                .flatMap(layout -> Stream.of(new BackingOptions(layout, true), new BackingOptions(layout, false)))
                .toList();
    }

    /** Each thread has slots of its own, so it knows exactly what they hold. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void shouldBehaveAsAnArrayOfPages(long seed) throws Exception {
        try (RamzswapDevice device = open()) {
            inParallel(thread -> new OwnSlots(device, thread, new Random(seed * THREADS + thread)).run(6000));

            assertThat(file.collisions()).as("two writes to one place").isZero();
            DeviceStatistics statistics = device.statistics();
            assertThat(statistics.corruptPages()).isZero();
            if (options.layout() == BackingLayout.LINEAR) {
                // With a log it depends on how fast pages are moved; LogModelTest sees that they are.
                assertThat(statistics.backing().numWrites()).isGreaterThan(1000);
                assertThat(statistics.backing().numReads()).isGreaterThan(1000);
            }
        }
    }

    /** The same with a disk that refuses, cuts short and interrupts. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 5, 6})
    void shouldNeverGiveWrongBytesHoweverTheDiskFails(long seed) throws Exception {
        file.inject(new Faults(seed, 20, 40, 50, 20, 5));
        try (RamzswapDevice device = open()) {
            inParallel(thread -> new OwnSlots(device, thread, new Random(seed * THREADS + thread)).run(6000));

            assertThat(file.collisions()).as("two writes to one place").isZero();
            DeviceStatistics statistics = device.statistics();
            assertThat(statistics.corruptPages()).isZero();
            if (options.layout() == BackingLayout.LINEAR) {
                assertThat(statistics.backing().failedReads()).isPositive();
                assertThat(statistics.backing().failedWrites()).isPositive();
            }
        }
    }

    /** One thread writes a slot, all read and some trim it: nobody sees a version older than one he knows to be there. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {7, 8, 9})
    void shouldNeverShowAReaderAnOlderPage(long seed) throws Exception {
        int contended = 2 * THREADS;
        AtomicLongArray begun = new AtomicLongArray(contended + 1);
        AtomicLongArray done = new AtomicLongArray(contended + 1);
        try (RamzswapDevice device = open()) {
            inParallel(thread -> {
                Random random = new Random(seed * THREADS + thread);
                try (DeviceClient client = new DeviceClient(device)) {
                    for (int step = 0; step < 5000; step++) {
                        int slot = 1 + random.nextInt(contended);
                        if (slot % THREADS == thread && random.nextBoolean()) {
                            long version = begun.incrementAndGet(slot);
                            assertThat(client.write(slot, page(slot, version))).isEqualTo(NbdError.OK);
                            done.set(slot, version);
                        } else {
                            long oldest = done.get(slot);
                            byte[] read = client.read(slot);
                            int version = versionOf(read);
                            assertThat(read).isEqualTo(version == 0 ? new byte[PAGE] : page(slot, version));
                            assertThat((long) version).isBetween(oldest, begun.get(slot));
                        }
                    }
                }
            });
            assertThat(file.collisions()).as("two writes to one place").isZero();
            assertThat(device.statistics().corruptPages()).isZero();
            assertThat(device.statistics().backing().failedReads()).isZero();
        }
    }

    /** All write, trim and read the same few slots. Whichever page a reader gets, it gets all of it. */
    @Test
    void shouldNeverMixTwoPages() throws Exception {
        try (RamzswapDevice device = open()) {
            inParallel(thread -> {
                Random random = new Random(thread);
                try (DeviceClient client = new DeviceClient(device)) {
                    for (int step = 0; step < 8000; step++) {
                        int slot = 1 + random.nextInt(3);
                        int action = random.nextInt(10);
                        if (action == 0) {
                            client.trim(slot, 1);
                        } else if (action < 6) {
                            assertThat(client.write(slot, page(slot, 1 + random.nextInt(1000))))
                                    .isEqualTo(NbdError.OK);
                        } else {
                            byte[] read = client.read(slot);
                            int version = versionOf(read);
                            assertThat(read).isEqualTo(version == 0 ? new byte[PAGE] : page(slot, version));
                        }
                    }
                }
            });
            assertThat(file.collisions()).as("two writes to one place").isZero();
            assertThat(device.statistics().corruptPages()).isZero();
        }
    }

    private RamzswapDevice open() throws DeviceException {
        return RamzswapDevice.create("rz0", SETTINGS, Optional.of(file.swap(options)), Thread::new);
    }

    /** Every third version goes to memory, the others to the disk; equal versions are equal pages. */
    private static byte[] page(int slot, long version) {
        byte[] page = TestPages.mixed(new Random(version), version % 3 == 0 ? 200 : PAGE);
        page[0] = (byte) slot;
        page[1] = (byte) (version >> 16);
        page[2] = (byte) (version >> 8);
        page[3] = (byte) version;
        return page;
    }

    private static int versionOf(byte[] page) {
        return (page[1] & 0xff) << 16 | (page[2] & 0xff) << 8 | (page[3] & 0xff);
    }

    /** What a thread does. */
    private interface Task {
        void run(int thread) throws Exception;
    }

    private static void inParallel(Task task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                results.add(executor.submit(() -> {
                    task.run(thread);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** A quarter of the slots, and what they hold as one thread knows it. */
    private static final class OwnSlots {
        private final RamzswapDevice device;
        private final int thread;
        private final Random random;
        /** An empty page at the beginning; null where the last write was refused. */
        private final byte[][] model = new byte[SLOTS][PAGE];

        OwnSlots(RamzswapDevice device, int thread, Random random) {
            this.device = device;
            this.thread = thread;
            this.random = random;
        }

        void run(int steps) {
            try (DeviceClient client = new DeviceClient(device)) {
                for (int step = 0; step < steps; step++) {
                    int slot = THREADS + random.nextInt(SLOTS / THREADS - 1) * THREADS + thread;
                    int action = random.nextInt(8);
                    if (action == 0) {
                        client.trim(slot, 1);
                        model[slot] = new byte[PAGE];
                    } else if (action < 4) {
                        write(client, slot);
                    } else {
                        read(client, slot, step);
                    }
                }
            }
        }

        private void write(DeviceClient client, int slot) {
            byte[] page = TestPages.any(random);
            model[slot] = client.write(slot, page) == NbdError.OK ? page : null;
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

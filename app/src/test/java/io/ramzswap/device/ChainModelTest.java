package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.FaultyFile.Faults;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.tier.ToyTier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of frontswap, for a whole chain: memory, a tier that the product does not have, and a disk. Four threads against
 * plain maps, while the device is changed at random moments.
 */
@Timeout(300)
@ParameterizedClass(name = "{0}")
@MethodSource("chains")
class ChainModelTest {
    private static final int SLOTS = 1024;
    private static final int THREADS = 4;
    private static final int TOY_PAGES = 150;
    private static final int AFTER_MEMORY = 1;
    private static final List<CompressorKind> KINDS = List.of(CompressorKind.values());
    private static final DeviceSettings SETTINGS = new DeviceSettings((long) SLOTS * PAGE, 700L << 10, true);

    private final Optional<BackingLayout> disk;
    private final FaultyFile file = new FaultyFile(SLOTS);
    private final ToyTier toy = new ToyTier(TOY_PAGES);

    ChainModelTest(Optional<BackingLayout> disk) {
        this.disk = disk;
    }

    static List<Optional<BackingLayout>> chains() {
        return Stream.concat(
                        Stream.of(Optional.<BackingLayout>empty()),
                        Stream.of(BackingLayout.values()).map(Optional::of))
                .toList();
    }

    private RamzswapDevice open() throws DeviceException {
        return RamzswapDevice.create(
                "rz0", SETTINGS, disk.map(layout -> file.swap(new BackingOptions(layout, true))), Thread::new);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void shouldBehaveAsAnArrayOfPages(long seed) throws Exception {
        try (RamzswapDevice device = open()) {
            inParallel(device, seed, slots -> {
                slots.run(5000);
                slots.readAll();
                assertThat(slots.refusedWrites() == 0).isEqualTo(disk.isPresent());
                slots.freeAll();
                slots.readAll();
            });

            assertThat(toy.pages()).isZero();
            assertIsEmpty(device);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {3, 4})
    void shouldNeverGiveWrongBytesHoweverTiersFail(long seed) throws Exception {
        toy.fail(60);
        file.inject(new Faults(seed, 20, 60, 50, 20, 5));
        try (RamzswapDevice device = open()) {
            inParallel(device, seed, slots -> {
                slots.setMayFail(true);
                slots.run(5000);
                slots.readAll();
                slots.freeAll();
            });
            toy.fail(0);
            file.inject(Faults.NONE);
            assertThat(toy.pages()).isZero();
            assertIsEmpty(device);
        }
    }

    private static void assertIsEmpty(RamzswapDevice device) {
        DeviceStatistics statistics = device.statistics();
        assertThat(statistics.corruptPages()).isZero();
        assertThat(statistics.backing().pages()).isZero();
        assertThat(statistics.zeroPages()).isZero();
        assertThat(statistics.pagesStored()).as("the swap header's").isEqualTo(1);
    }

    @Test
    void shouldUseEveryTier() throws Exception {
        try (RamzswapDevice device = open();
                DeviceClient client = new DeviceClient(device)) {
            device.chain().add(AFTER_MEMORY, toy);
            Random random = new Random(5);
            // How many pages come to which tier depends on how fast cold ones are moved: until each has some.
            for (int slot = 1; !isInUse(device); slot = slot % (SLOTS - 1) + 1) {
                client.write(slot, TestPages.mixed(random, 1500));
            }
        }
    }

    private boolean isInUse(RamzswapDevice device) {
        DeviceStatistics statistics = device.statistics();
        // The pages of the toy count as pages of a slower tier, too.
        return statistics.pagesStored() > 1
                && toy.pages() > 0
                && (disk.isEmpty() || statistics.backing().pages() > TOY_PAGES);
    }

    /** A tier that comes late serves the sessions that are open. */
    @Test
    void shouldUseATierThatComesWhileSessionsAreOpen() throws Exception {
        try (RamzswapDevice device = RamzswapDevice.create("rz0", SETTINGS, Optional.empty(), Thread::new);
                DeviceClient client = new DeviceClient(device)) {
            Random random = new Random(6);
            int slot = 1;
            while (client.write(slot, TestPages.mixed(random, PAGE)) == NbdError.OK) {
                slot++;
            }

            device.chain().add(AFTER_MEMORY, toy);

            byte[] page = TestPages.mixed(random, PAGE);
            assertThat(client.write(slot, page)).isEqualTo(NbdError.OK);
            assertThat(client.read(slot)).isEqualTo(page);
            assertThat(toy.pages()).isEqualTo(1);
        }
    }

    private interface Task {
        void run(OwnedSlots slots) throws Exception;
    }

    private void inParallel(RamzswapDevice device, long seed, Task task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                results.add(executor.submit(() -> {
                    try (DeviceClient client = new DeviceClient(device)) {
                        task.run(new OwnedSlots(client, SLOTS, thread, THREADS, new Random(seed * THREADS + thread)));
                    }
                    return null;
                }));
            }
            Random random = new Random(seed);
            LockSupport.parkNanos(random.nextInt(50_000_000));
            device.chain().add(AFTER_MEMORY, toy);
            while (!results.stream().allMatch(Future::isDone)) {
                device.setCompressor(KINDS.get(random.nextInt(KINDS.size())));
                LockSupport.parkNanos(random.nextInt(2_000_000));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}

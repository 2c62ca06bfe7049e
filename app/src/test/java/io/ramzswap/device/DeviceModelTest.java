package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.NbdError;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device against a plain array of pages. */
class DeviceModelTest {
    private static final int SLOTS = 512;
    private static final DeviceSettings SETTINGS = new DeviceSettings((long) SLOTS * PAGE, (long) SLOTS * PAGE, false);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void shouldBehaveAsAnArrayOfPages(long seed) throws DeviceException {
        Random random = new Random(seed);
        byte[][] model = new byte[SLOTS][PAGE];
        try (RamzswapDevice device = RamzswapDevice.create("rz0", SETTINGS, Thread::new);
                DeviceClient one = new DeviceClient(device);
                DeviceClient other = new DeviceClient(device)) {
            for (int step = 0; step < 20_000; step++) {
                DeviceClient client = random.nextBoolean() ? one : other;
                int slot = 1 + random.nextInt(SLOTS - 1);
                switch (random.nextInt(8)) {
                    case 0 -> {
                        int slots = 1 + random.nextInt(Math.min(40, SLOTS - slot));
                        client.trim(slot, slots);
                        Arrays.fill(model, slot, slot + slots, new byte[PAGE]);
                    }
                    case 1, 2, 3 -> {
                        model[slot] = TestPages.any(random);
                        assertThat(client.write(slot, model[slot])).isEqualTo(NbdError.OK);
                    }
                    default ->
                        assertThat(client.read(slot))
                                .as("step %d, slot %d", step, slot)
                                .isEqualTo(model[slot]);
                }
            }
            assertConsistent(device.statistics(), model);
        }
    }

    private static void assertConsistent(DeviceStatistics statistics, byte[][] model) {
        long pages = IntStream.range(1, SLOTS)
                .filter(slot -> !Arrays.equals(model[slot], new byte[PAGE]))
                .count();
        assertThat(statistics.pagesStored() - 1 + statistics.zeroPages()).isGreaterThanOrEqualTo(pages);
        assertThat(statistics.origDataBytes()).isEqualTo(statistics.pagesStored() * PAGE);
        assertThat(statistics.failedReads() + statistics.failedWrites()).isZero();
    }

    /** Every page names its slot and version throughout; whichever version a reader gets, it gets all of it. */
    @Test
    void shouldNeverMixTwoVersionsOfAPage() throws Exception {
        int threads = 4;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (RamzswapDevice device = RamzswapDevice.create("rz0", SETTINGS, Thread::new)) {
            Future<?>[] results = new Future<?>[threads];
            for (int i = 0; i < threads; i++) {
                results[i] = executor.submit(hammer(device, new Random(i)));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static Callable<Void> hammer(RamzswapDevice device, Random random) {
        return () -> {
            try (DeviceClient client = new DeviceClient(device)) {
                for (int step = 0; step < 50_000; step++) {
                    int slot = 1 + random.nextInt(3); // few slots, so that threads meet
                    int action = random.nextInt(10);
                    if (action == 0) {
                        client.trim(slot, 1);
                    } else if (action < 5) {
                        assertThat(client.write(slot, versionedPage(slot, random.nextInt(1000))))
                                .isEqualTo(NbdError.OK);
                    } else {
                        assertOneVersion(slot, client.read(slot));
                    }
                }
            }
            return null;
        };
    }

    /** Version v is same-filled, compressible or not, by v mod 3; equal versions are equal pages. */
    private static byte[] versionedPage(int slot, int version) {
        byte[] page = version % 3 == 0
                ? TestPages.filled(version)
                : TestPages.mixed(new Random(version), version % 3 == 1 ? PAGE : 1500);
        page[0] = version % 3 == 0 ? page[0] : (byte) slot;
        page[1] = version % 3 == 0 ? page[1] : (byte) (version >> 8);
        page[2] = version % 3 == 0 ? page[2] : (byte) version;
        return page;
    }

    private static void assertOneVersion(int slot, byte[] page) {
        boolean filled = page[0] == 0;
        int high = filled ? page[6] : page[1];
        int low = filled ? page[7] : page[2];
        int version = (high & 0xff) << 8 | (low & 0xff);
        assertThat(page).isEqualTo(filled ? TestPages.filled(version) : versionedPage(slot, version));
    }
}

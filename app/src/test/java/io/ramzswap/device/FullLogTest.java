package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.nbd.NbdError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A log with little memory in front of it, most slots used, and written anew at random by several threads: whatever is garbage can
 * be made room of, so no page is refused.
 */
@Timeout(300)
class FullLogTest {
    private static final int SLOTS = 16384;
    private static final int THREADS = 4;
    private static final int REWRITES = 3_000;
    private static final DeviceSettings SETTINGS = new DeviceSettings((long) SLOTS * PAGE, 2 << 20, true);

    @ParameterizedTest(name = "seed {0}, {1} % used, {2} bytes of noise")
    @CsvSource({"1, 88, 4096", "2, 88, 4000"})
    void shouldRefuseNothingWhileThereIsGarbage(long seed, int percent, int noise) throws Exception {
        int used = SLOTS * percent / 100;
        AtomicBoolean refused = new AtomicBoolean();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try (RamzswapDevice device = RamzswapDevice.create(
                "rz0", SETTINGS, Optional.of(new FaultyFile(SLOTS).swap(BackingOptions.DEFAULT)), Thread::new)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed * THREADS + i);
                int first = 1 + i;
                results.add(executor.submit(() -> {
                    try (DeviceClient client = new DeviceClient(device)) {
                        for (int n = 0; n < used / THREADS + REWRITES && !refused.get(); n++) {
                            int slot = n < used / THREADS ? first + n * THREADS : 1 + random.nextInt(used - 1);
                            if (client.write(slot, TestPages.mixed(random, noise)) != NbdError.OK) {
                                refused.set(true);
                            }
                        }
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
            BackingStatistics backing = device.statistics().backing();
            assertThat(refused.get())
                    .as("seed %d, refused with %s", seed, backing)
                    .isFalse();
            assertThat(backing.tiers().cleanedBytes()).isPositive();
        } finally {
            executor.shutdownNow();
        }
    }
}

package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.nbd.NbdError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the disk is worn by: bytes written for each page that goes there, cleaning included, while three quarters of the slots
 * are used and are written anew at random, with little memory in front. With {@code -Dramzswap.corpus=FILE} the pages are those
 * of a file, as scripts/corpus takes it from live processes; else they are made up, and compress as such pages do with lz4.
 */
@Timeout(300)
class LogWearTest {
    private static final int SLOTS = 16384;
    private static final int USED = SLOTS / 4 * 3;
    private static final int REWRITES = 2 * USED;
    private static final DeviceSettings SETTINGS = new DeviceSettings((long) SLOTS * PAGE, 4 << 20, true);
    /** Live pages come down to 0.39 of their size on average. */
    private static final int MOST_NOISE = 3000;

    private final Random random = new Random(41);
    private final byte[] corpus = corpus();

    private static byte[] corpus() {
        String name = System.getProperty("ramzswap.corpus", "");
        try {
            return name.isEmpty() ? new byte[0] : Files.readAllBytes(Path.of(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] page() {
        if (corpus.length == 0) {
            return TestPages.mixed(random, random.nextInt(MOST_NOISE));
        }
        byte[] page = new byte[PAGE];
        System.arraycopy(corpus, random.nextInt(corpus.length / PAGE) * PAGE, page, 0, PAGE);
        return page;
    }

    @Test
    void shouldWriteLessThanHalfAPageForEachPage() throws DeviceException {
        FaultyFile file = new FaultyFile(SLOTS);
        try (RamzswapDevice device = RamzswapDevice.create(
                        "rz0", SETTINGS, Optional.of(file.swap(BackingOptions.DEFAULT)), Thread::new);
                DeviceClient client = new DeviceClient(device)) {
            for (int slot = 1; slot < USED; slot++) {
                assertThat(client.write(slot, page())).isEqualTo(NbdError.OK);
            }
            BackingStatistics before = device.statistics().backing();
            for (int i = 0; i < REWRITES; i++) {
                assertThat(client.write(1 + random.nextInt(USED - 1), page())).isEqualTo(NbdError.OK);
            }
            BackingStatistics after = device.statistics().backing();

            long pages = after.numWrites() - before.numWrites();
            long bytes = after.tiers().writtenBytes() - before.tiers().writtenBytes();
            System.out.printf(
                    "%d pages moved, %d bytes a page (%.2f of one), of them %d copied by cleaning; %d %% of the log is live%n",
                    pages,
                    bytes / pages,
                    (double) bytes / pages / PAGE,
                    (after.tiers().cleanedBytes() - before.tiers().cleanedBytes()) / pages,
                    after.tiers().compressedBytes() * 100 / SETTINGS.diskSizeBytes());
            assertThat(pages).isGreaterThan(USED);
            assertThat(bytes).isLessThanOrEqualTo(pages * PAGE / 2);
        }
    }
}

package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwapException;
import io.ramzswap.backing.BackingSwapOpener;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.SwapFile;
import io.ramzswap.nbd.NbdError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What somebody who has the disk can learn of the pages on it, and do to them. */
class EncryptedBackingTest {
    private static final int SLOTS = 1024;
    private static final String SECRET = "the combination of the safe is 4-8-15-16-23-42. ";
    private static final DeviceSettings SETTINGS =
            new DeviceSettings((long) SLOTS * PAGE, (long) SLOTS * PAGE / 4, true);

    private final Random random = new Random(31);

    private static RamzswapDevice on(FaultyFile file) throws DeviceException {
        return RamzswapDevice.create(
                "rz0", SETTINGS, Optional.of(file.swap(new BackingOptions(BackingLayout.LINEAR, true))), Thread::new);
    }

    /** Does not compress to half, and says something. */
    private byte[] secret() {
        byte[] page = TestPages.mixed(random, PAGE);
        byte[] text = SECRET.getBytes(StandardCharsets.US_ASCII);
        for (int at = 100; at + text.length < PAGE / 4; at += text.length) {
            System.arraycopy(text, 0, page, at, text.length);
        }
        return page;
    }

    private static int places(Path file) throws IOException {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        int count = 0;
        for (int at = bytes.indexOf(SECRET); at >= 0; at = bytes.indexOf(SECRET, at + 1)) {
            count++;
        }
        return count;
    }

    private int secretsOnDisk(BackingOptions options) throws DeviceException, BackingSwapException, IOException {
        Path directory = SwapFile.directory();
        Path file = SwapFile.make(directory.resolve("swap"), SLOTS);
        try (RamzswapDevice device = RamzswapDevice.create(
                        "rz0", SETTINGS, Optional.of(BackingSwapOpener.open(file, options)), Thread::new);
                DeviceClient client = new DeviceClient(device)) {
            for (int slot = 1; slot < SLOTS; slot++) {
                byte[] page = secret();
                assertThat(client.write(slot, page)).isEqualTo(NbdError.OK);
                assertThat(client.read(slot)).isEqualTo(page);
            }
            assertThat(device.statistics().backing().pages()).isEqualTo(SLOTS - 1);
            return places(file);
        } finally {
            assertThat(file.toFile().delete() && directory.toFile().delete()).isTrue();
        }
    }

    @Test
    void shouldLeaveNothingOnTheDiskThatCanBeRead() throws Exception {
        assertThat(secretsOnDisk(new BackingOptions(BackingLayout.LINEAR, true)))
                .isZero();
        assertThat(secretsOnDisk(new BackingOptions(BackingLayout.LINEAR, false)))
                .as("the search finds what is not encrypted")
                .isGreaterThan(SLOTS);
    }

    @Test
    void shouldNeverTellTwiceTheSame() throws DeviceException {
        FaultyFile file = new FaultyFile(SLOTS);
        byte[] page = secret();
        try (RamzswapDevice device = on(file);
                DeviceClient client = new DeviceClient(device)) {
            client.write(9, page);
            byte[] first = file.place(9);
            client.write(9, page);
            client.write(10, page);

            assertThat(file.place(9)).isNotEqualTo(first);
            assertThat(file.place(10)).isNotEqualTo(first).isNotEqualTo(file.place(9));
        }
    }

    @Test
    void shouldTakeAnOlderPageOfTheSameSlotForAnError() throws DeviceException {
        FaultyFile file = new FaultyFile(SLOTS);
        byte[] old = secret();
        byte[] page = secret();
        try (RamzswapDevice device = on(file);
                DeviceClient client = new DeviceClient(device)) {
            client.write(9, old);
            byte[] oldPlace = file.place(9);
            client.write(9, page);
            byte[] place = file.place(9);

            file.overwrite(9, oldPlace);
            assertThat(client.read(9, new byte[PAGE])).isEqualTo(NbdError.EIO);
            assertThat(device.statistics().backing().corruptReads()).isOne();
            assertThat(device.statistics().corruptPages()).isOne();

            file.overwrite(9, place);
            assertThat(client.read(9)).isEqualTo(page);
        }
    }

    /** The disk of a device that was reset, put in the place of another one's. */
    @Test
    void shouldTakeThePageOfAnotherLifeForAnError() throws DeviceException {
        FaultyFile file = new FaultyFile(SLOTS);
        byte[] page = secret();
        try (RamzswapDevice device = on(file);
                DeviceClient client = new DeviceClient(device)) {
            client.write(9, page);
        }
        byte[] old = file.place(9);
        try (RamzswapDevice device = on(file);
                DeviceClient client = new DeviceClient(device)) {
            client.write(9, page);
            file.overwrite(9, old);

            assertThat(client.read(9, new byte[PAGE])).isEqualTo(NbdError.EIO);
        }
    }

    @Test
    void shouldCountTheMemoryThatTagsTake() throws DeviceException {
        try (RamzswapDevice encrypted = on(new FaultyFile(SLOTS));
                RamzswapDevice plain = RamzswapDevice.create(
                        "rz1",
                        SETTINGS,
                        Optional.of(new FaultyFile(SLOTS).swap(new BackingOptions(BackingLayout.LINEAR, false))),
                        Thread::new)) {
            assertThat(encrypted.statistics().memUsedTotalBytes()
                            - plain.statistics().memUsedTotalBytes())
                    .isEqualTo(SLOTS * 16);
            assertThat(encrypted.statistics().memCeilingBytes())
                    .as("within what was given")
                    .isEqualTo(plain.statistics().memCeilingBytes());
        }
    }
}

package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.FaultyFile.Faults;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.NbdError;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to the backing swap, what comes back, and what happens when the disk does not do what it should. */
@Timeout(120)
@ParameterizedClass(name = "encrypted: {0}")
@ValueSource(booleans = {true, false})
class BackingSwapDeviceTest {
    private static final int SLOTS = 4096;
    private static final long DISK = (long) SLOTS * PAGE;
    private static final int EIO = 5;

    private final Random random = new Random(23);
    private final BackingOptions options;
    private FaultyFile file;
    private RamzswapDevice device;
    private DeviceClient client;

    BackingSwapDeviceTest(boolean encrypted) {
        options = new BackingOptions(BackingLayout.LINEAR, encrypted);
    }

    @BeforeEach
    void open() throws DeviceException {
        use(DISK / 4);
    }

    private void use(long memLimitBytes) throws DeviceException {
        close();
        file = new FaultyFile(SLOTS);
        device = RamzswapDevice.create(
                "rz0", new DeviceSettings(DISK, memLimitBytes, true), Optional.of(file.swap(options)), Thread::new);
        client = new DeviceClient(device);
    }

    @AfterEach
    void close() {
        if (device != null) {
            client.close();
            device.close();
        }
    }

    private BackingStatistics figures(
            String path,
            String state,
            long reads,
            long writes,
            long badReads,
            long badWrites,
            long corrupt,
            long pages) {
        return new BackingStatistics(
                path,
                state,
                reads,
                writes,
                badReads,
                badWrites,
                corrupt,
                pages,
                TierStatistics.of("linear", options.encrypted()));
    }

    private BackingStatistics backing() {
        return device.statistics().backing();
    }

    @Test
    void shouldSendWhatDoesNotCompressToHalfToTheDisk() {
        byte[] good = TestPages.mixed(random, 1900);
        byte[] poor = TestPages.mixed(random, 2100);
        byte[] incompressible = TestPages.mixed(random, PAGE);

        assertThat(client.write(1, good)).isEqualTo(NbdError.OK);
        assertThat(client.write(2, poor)).isEqualTo(NbdError.OK);
        assertThat(client.write(3, incompressible)).isEqualTo(NbdError.OK);
        assertThat(client.write(4, new byte[PAGE])).isEqualTo(NbdError.OK);

        assertThat(client.read(1)).isEqualTo(good);
        assertThat(client.read(2)).isEqualTo(poor);
        assertThat(client.read(3)).isEqualTo(incompressible);
        assertThat(client.read(4)).isEqualTo(new byte[PAGE]);
        assertThat(device.statistics().pagesStored()).as("the header's and one").isEqualTo(2);
        assertThat(device.statistics().noCompressPercent()).isZero();
        assertThat(backing()).isEqualTo(figures("faulty", "healthy", 2, 2, 0, 0, 0, 2));
    }

    @Test
    void shouldSendWhatMemoryHasNoRoomForToTheDisk() {
        byte[][] pages = new byte[SLOTS][];
        for (int slot = 1; slot < SLOTS; slot++) {
            pages[slot] = TestPages.mixed(random, 1500);
            assertThat(client.write(slot, pages[slot])).isEqualTo(NbdError.OK);
        }
        for (int slot = 1; slot < SLOTS; slot++) {
            assertThat(client.read(slot)).isEqualTo(pages[slot]);
        }

        DeviceStatistics statistics = device.statistics();
        assertThat(statistics.memUsedTotalBytes()).isLessThanOrEqualTo(DISK / 4);
        assertThat(statistics.memUsedTotalBytes()).isGreaterThan(DISK / 4 * 9 / 10);
        assertThat(statistics.failedWrites() + statistics.failedReads()).isZero();
        assertThat(backing().pages() + statistics.pagesStored()).isEqualTo(SLOTS);
        assertThat(backing().pages()).isGreaterThan(SLOTS / 4);
        assertThat(backing().numReads()).isEqualTo(backing().pages());
    }

    @Test
    void shouldReplaceFreeAndForgetPagesOnDisk() {
        byte[] first = TestPages.mixed(random, PAGE);
        byte[] second = TestPages.mixed(random, PAGE);
        byte[] third = TestPages.mixed(random, 100);

        client.write(9, first);
        client.write(9, second);
        assertThat(client.read(9)).isEqualTo(second);
        client.write(9, third);
        assertThat(client.read(9)).isEqualTo(third);
        assertThat(backing().pages()).isZero();
        client.write(9, first);
        client.write(10, second);
        assertThat(backing().pages()).isEqualTo(2);
        assertThat(Extent.state(client.session().extent(9L * PAGE, PAGE))).isEqualTo(5);

        client.trim(9, 2);

        assertThat(client.read(9)).isEqualTo(new byte[PAGE]);
        assertThat(backing().pages()).isZero();
        assertThat(device.statistics().notifyFree()).isEqualTo(2);
    }

    @Test
    void shouldShowTheHeaderOfTheAreaAndNeverWriteThere() {
        byte[] page = TestPages.mixed(random, PAGE);

        assertThat(client.read(0)).endsWith("SWAPSPACE2".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(client.write(0, page)).isEqualTo(NbdError.OK);

        assertThat(client.read(0)).isEqualTo(page);
        assertThat(backing().numWrites()).isZero();
    }

    @Test
    void shouldNoticeEveryByteThatTheDiskChanged() {
        byte[] page = TestPages.mixed(random, PAGE);
        client.write(9, page);

        for (int index = 0; index < PAGE; index += 41) {
            file.flipByte(9, index);
            assertThat(client.read(9, new byte[PAGE])).as("byte %d", index).isEqualTo(NbdError.EIO);
            file.flipByte(9, index);
        }

        assertThat(client.read(9)).isEqualTo(page);
        DeviceStatistics statistics = device.statistics();
        assertThat(statistics.corruptPages()).isEqualTo(PAGE / 41 + 1);
        assertThat(statistics.failedReads()).isEqualTo(statistics.corruptPages());
        assertThat(backing().corruptReads()).isEqualTo(statistics.corruptPages());
    }

    @Test
    void shouldNoticePagesThatTheDiskMixedUp() {
        client.write(9, TestPages.mixed(random, PAGE));
        client.write(10, TestPages.mixed(random, PAGE));

        file.swapPages(9, 10);

        assertThat(client.read(9, new byte[PAGE])).isEqualTo(NbdError.EIO);
        assertThat(client.read(10, new byte[PAGE])).isEqualTo(NbdError.EIO);
    }

    @ParameterizedTest
    @ValueSource(ints = {EIO, 28 /* ENOSPC */, 19 /* ENODEV: it vanished */})
    void shouldKeepInMemoryWhatTheDiskRefuses(int errno) {
        file.inject(Faults.all(errno));
        byte[] poor = TestPages.mixed(random, 2100);
        byte[] incompressible = TestPages.mixed(random, PAGE);

        assertThat(client.write(2, poor)).isEqualTo(NbdError.OK);
        assertThat(client.write(3, incompressible)).isEqualTo(NbdError.OK);

        assertThat(client.read(2)).isEqualTo(poor);
        assertThat(client.read(3)).isEqualTo(incompressible);
        assertThat(backing())
                .as("once refused it is not asked again soon")
                .isEqualTo(figures("faulty", "unwritable", 0, 1, 0, 1, 0, 0));
        assertThat(device.statistics().failedWrites()).isZero();
    }

    @Test
    void shouldRefuseAPageOnlyWhenNeitherTakesIt() throws DeviceException {
        use(DISK / 16);
        file.inject(Faults.all(EIO));

        int slot = 1;
        while (slot < SLOTS && client.write(slot, TestPages.mixed(random, PAGE)) == NbdError.OK) {
            slot++;
        }

        assertThat(slot).isBetween(32, SLOTS - 1);
        assertThat(client.read(slot, new byte[PAGE]))
                .as("not stale, not zeroes")
                .isEqualTo(NbdError.EIO);
        assertThat(device.statistics().memUsedTotalBytes()).isGreaterThan(DISK / 16 * 8 / 10);
        assertThat(device.statistics().failedWrites()).isOne();

        file.inject(Faults.NONE);
        byte[] page = TestPages.mixed(random, PAGE);
        assertThat(client.write(slot, page))
                .as("memory is full, so the disk is tried")
                .isEqualTo(NbdError.OK);
        assertThat(client.read(slot)).isEqualTo(page);
        assertThat(backing().state()).isEqualTo("healthy");
    }

    @Test
    void shouldNeverGiveBackThePageBeforeARefusedOne() throws DeviceException {
        use(DISK / 16);
        for (int slot = 1; slot < SLOTS; slot++) {
            client.write(slot, TestPages.mixed(random, 1500));
        }
        assertThat(backing().pages()).isPositive();
        file.inject(Faults.all(EIO));

        for (int slot = SLOTS - 100; slot < SLOTS; slot++) {
            byte[] page = TestPages.mixed(random, PAGE);
            byte[] read = new byte[PAGE];
            if (client.write(slot, page) == NbdError.OK) {
                assertThat(client.read(slot)).isEqualTo(page);
            } else {
                assertThat(client.read(slot, read)).isEqualTo(NbdError.EIO);
            }
        }
    }

    @Test
    void shouldTellAReadErrorAndGoOn() {
        byte[] page = TestPages.mixed(random, PAGE);
        client.write(9, page);

        file.inject(Faults.all(EIO));
        assertThat(client.read(9, new byte[PAGE])).isEqualTo(NbdError.EIO);
        assertThat(backing()).isEqualTo(figures("faulty", "unreadable", 1, 1, 1, 0, 0, 1));

        file.inject(Faults.NONE);
        assertThat(client.read(9)).isEqualTo(page);
        assertThat(backing().state()).isEqualTo("healthy");
        assertThat(device.statistics().corruptPages()).isZero();
    }

    @Test
    void shouldPutPartsTogether() {
        file.inject(new Faults(7, 0, 0, 300, 100, 0));

        for (int slot = 1; slot < 1000; slot++) {
            byte[] page = TestPages.mixed(random, PAGE);
            assertThat(client.write(slot, page)).isEqualTo(NbdError.OK);
            byte[] read = new byte[PAGE];
            if (client.read(slot, read) == NbdError.OK) {
                assertThat(read).isEqualTo(page);
            }
        }
        assertThat(backing().failedReads())
                .as("a page that comes in parts eight times")
                .isLessThan(5);
    }

    @Test
    void shouldTakeAnEndThatIsNotThereForAnError() {
        file.inject(new Faults(7, 0, 0, 1000, 0, 0));

        assertThat(client.write(9, TestPages.mixed(random, PAGE)))
                .as("memory takes it")
                .isEqualTo(NbdError.OK);

        assertThat(backing().failedWrites()).isOne();
    }

    @Test
    void shouldGoOnServingMemoryWhileTheDiskStalls() throws Exception {
        byte[] inMemory = TestPages.mixed(random, 100);
        byte[] onDisk = TestPages.mixed(random, PAGE);
        client.write(1, inMemory);
        client.write(2, onDisk);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CountDownLatch goOn = file.stall();
        try (DeviceClient reader = new DeviceClient(device);
                DeviceClient writer = new DeviceClient(device)) {
            Future<byte[]> read = threads.submit(() -> reader.read(2));
            byte[] late = TestPages.mixed(random, PAGE);
            Future<Integer> written = threads.submit(() -> writer.write(3, late));
            awaitStalled(2);

            assertThat(client.read(1)).isEqualTo(inMemory);
            client.trim(3, 1);
            assertThat(Extent.state(client.session().extent(3L * PAGE, PAGE)))
                    .as("the write that was not answered comes after the TRIM")
                    .isEqualTo(5);
            awaitState("stalled");
            byte[] incompressible = TestPages.mixed(random, PAGE);
            assertThat(client.write(4, incompressible)).isEqualTo(NbdError.OK);
            assertThat(client.read(4)).isEqualTo(incompressible);
            assertThat(read.isDone() || written.isDone()).isFalse();

            goOn.countDown();
            assertThat(read.get()).isEqualTo(onDisk);
            assertThat(written.get()).isEqualTo(NbdError.OK);
            assertThat(client.read(3)).isEqualTo(late);
            assertThat(backing().state()).isEqualTo("healthy");
        } finally {
            goOn.countDown();
            threads.shutdown();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private void awaitStalled(int requests) throws InterruptedException {
        while (file.stalledRequests() < requests) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void awaitState(String state) throws InterruptedException {
        while (!backing().state().equals(state)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void shouldTakeAnotherMemLimitWhileItRuns() throws DeviceException {
        for (int slot = 1; slot < SLOTS / 2; slot++) {
            client.write(slot, TestPages.mixed(random, 1500));
        }
        long used = device.statistics().memUsedTotalBytes();
        long onDisk = backing().pages();

        device.setMemLimit(new DeviceSettings(DISK, DISK / 8, true));
        for (int slot = SLOTS / 2; slot < SLOTS / 2 + 1000; slot++) {
            assertThat(client.write(slot, TestPages.mixed(random, 1500))).isEqualTo(NbdError.OK);
        }
        assertThat(device.statistics().memLimitBytes()).isEqualTo(DISK / 8);
        assertThat(device.statistics().memUsedTotalBytes())
                .as("nothing is thrown out")
                .isLessThanOrEqualTo(used);
        assertThat(backing().pages()).isGreaterThan(onDisk + 800);

        device.setMemLimit(new DeviceSettings(DISK, DISK, true));
        long before = backing().pages();
        for (int slot = SLOTS / 2 + 1000; slot < SLOTS; slot++) {
            assertThat(client.write(slot, TestPages.mixed(random, 1500))).isEqualTo(NbdError.OK);
        }
        assertThat(backing().pages()).isEqualTo(before);
        assertThat(device.statistics().memUsedTotalBytes()).isGreaterThan(used);
    }

    @Test
    void shouldKeepALimitThatLeavesRoom() {
        assertThatThrownBy(() -> device.setMemLimit(new DeviceSettings(DISK, PAGE, true)))
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith("a memlimit of 4 kB is too small for a disksize of 16384 kB");
        assertThat(device.statistics().memLimitBytes()).isEqualTo(DISK / 4);
    }
}

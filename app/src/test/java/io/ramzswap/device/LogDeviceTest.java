package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.FaultyFile.Faults;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.writeback.WriteBackKind;
import io.ramzswap.writeback.WriteBackLimits;
import io.ramzswap.writeback.WriteBackOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves memory for the log, what comes back, and what happens when the disk does not do what it should. */
@Timeout(40)
@ParameterizedClass(name = "encrypted: {0}")
@ValueSource(booleans = {true, false})
class LogDeviceTest {
    private static final int SLOTS = 4096;
    private static final long DISK = (long) SLOTS * PAGE;
    private static final int WRITTEN_BACK = 5;
    private static final int EIO = 5;

    private final Random random = new Random(29);
    private final BackingOptions options;
    private final Queue<Throwable> deaths = new ConcurrentLinkedQueue<>();
    private FaultyFile file;
    private RamzswapDevice device;
    private DeviceClient client;

    LogDeviceTest(boolean encrypted) {
        options = new BackingOptions(BackingLayout.LOG, encrypted);
    }

    @BeforeEach
    void open() throws DeviceException {
        file = new FaultyFile(SLOTS);
        use(DISK / 4);
    }

    private void use(long memLimitBytes) throws DeviceException {
        close();
        device = RamzswapDevice.create(
                "rz0", new DeviceSettings(DISK, memLimitBytes, true), Optional.of(file.swap(options)), this::newThread);
        client = new DeviceClient(device);
    }

    private Thread newThread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setUncaughtExceptionHandler((dead, failure) -> deaths.add(failure));
        return thread;
    }

    @AfterEach
    void close() {
        if (device != null) {
            client.close();
            device.close();
        }
    }

    private BackingStatistics backing() {
        return device.statistics().backing();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            try {
                TimeUnit.MILLISECONDS.sleep(2);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Everything but the header's page goes to the disk. */
    private void writeBackAll() {
        device.writeBack(new WriteBackOrder(WriteBackKind.ALL, 0));
        await(() -> device.statistics().pagesStored() == 1);
    }

    private int state(int slot) {
        return Extent.state(client.session().extent((long) slot * PAGE, PAGE));
    }

    private byte[][] fill(int first, int end, int noise) {
        byte[][] pages = new byte[end][];
        for (int slot = first; slot < end; slot++) {
            pages[slot] = TestPages.mixed(random, noise);
            assertThat(client.write(slot, pages[slot])).isEqualTo(NbdError.OK);
        }
        return pages;
    }

    private void assertHolds(byte[][] pages, int first, int end) {
        for (int slot = first; slot < end; slot++) {
            assertThat(Arrays.equals(client.read(slot), pages[slot]))
                    .as("slot %d", slot)
                    .isTrue();
        }
    }

    @Test
    void shouldUseMemoryFirstWhateverThePage() {
        byte[] incompressible = TestPages.mixed(random, PAGE);
        client.write(1, incompressible);
        client.write(2, TestPages.mixed(random, 100));

        assertThat(client.read(1)).isEqualTo(incompressible);
        assertThat(device.statistics().pagesStored()).isEqualTo(3);
        assertThat(backing().numWrites()).isZero();
        assertThat(backing().tiers().layout()).isEqualTo("log");
        assertThat(backing().tiers().usedInMinutePages())
                .as("the header is not used")
                .isEqualTo(2);
    }

    @Test
    void shouldHoldMoreThanMemoryDoes() {
        byte[][] pages = fill(1, SLOTS, 2000);

        assertHolds(pages, 1, SLOTS);
        DeviceStatistics statistics = device.statistics();
        assertThat(statistics.memUsedTotalBytes()).isLessThanOrEqualTo(DISK / 4);
        assertThat(statistics.failedReads() + statistics.failedWrites()).isZero();
        assertThat(backing().pages()).isGreaterThan(SLOTS / 4);
        assertThat(backing().pages() + statistics.pagesStored()).isEqualTo(SLOTS);
        assertThat(backing().tiers().compressedBytes())
                .isBetween(backing().pages() * 1900, backing().pages() * 2300);
    }

    @Test
    void shouldMakeRoomBeforeMemoryIsFull() {
        fill(1, 1850, 2000);
        long limit = DISK / 4;

        await(() -> device.statistics().memUsedTotalBytes() < limit * 15 / 16);

        assertThat(backing().tiers().writtenBackPages()).isPositive();
        assertThat(device.statistics().memUsedTotalBytes())
                .as("and no more than that")
                .isGreaterThan(limit / 2);
    }

    @Test
    void shouldMoveTheColdestFirst() throws Exception {
        fill(1, 500, 2000);
        byte[][] used = fill(500, 600, 2000);
        TimeUnit.MILLISECONDS.sleep(2200); // two ticks of the clock
        assertHolds(used, 500, 600);
        fill(600, 1900, 2000);

        await(() -> backing().tiers().writtenBackPages() > 100);

        for (int slot = 500; slot < 600; slot++) {
            assertThat(state(slot)).as("slot %d was read just now", slot).isNotEqualTo(WRITTEN_BACK);
        }
    }

    @Test
    void shouldMoveThePoorlyCompressedBeforeOthersOfTheSameAge() {
        fill(1, 300, PAGE);
        fill(300, 1800, 1000);
        device.writeBack(new WriteBackOrder(WriteBackKind.HUGE, 0));

        await(() -> backing().pages() == 299);

        assertThat(state(1)).isEqualTo(WRITTEN_BACK);
        assertThat(state(300)).isNotEqualTo(WRITTEN_BACK);
    }

    @Test
    void shouldMoveOnlyWhatIsIdleLongEnough() {
        fill(1, 200, 1000);
        device.writeBack(new WriteBackOrder(WriteBackKind.IDLE, 3600));
        device.writeBack(new WriteBackOrder(WriteBackKind.IDLE, 3600));
        fill(200, 210, 1000);

        assertThat(backing().pages()).isZero();
        device.writeBack(new WriteBackOrder(WriteBackKind.IDLE, 0));
        await(() -> backing().pages() == 209);
    }

    @Test
    void shouldBringBackWhatIsUsedAgain() {
        byte[][] pages = fill(1, 200, 1000);
        writeBackAll();

        assertHolds(pages, 1, 200);
        assertHolds(pages, 1, 200);

        assertThat(backing().tiers().broughtBackPages()).isEqualTo(199);
        assertThat(backing().pages()).isZero();
        long reads = backing().numReads();
        assertHolds(pages, 1, 200);
        assertThat(backing().numReads()).as("from memory").isEqualTo(reads);
    }

    /** Memory is as full as it gets, with pages that nobody uses; reading alone has to change that. */
    @Test
    void shouldBringBackWhatIsUsedAgainInPlaceOfWhatIsNot() {
        byte[][] hot = fill(1, 200, 2000);
        fill(200, SLOTS, 2000);
        assertThat(state(1)).as("the oldest").isEqualTo(WRITTEN_BACK);

        await(() -> {
            long reads = backing().numReads();
            assertHolds(hot, 1, 200);
            return backing().numReads() == reads;
        });

        assertThat(device.statistics().memUsedTotalBytes()).isLessThanOrEqualTo(DISK / 4);
        assertThat(backing().pages()).as("others went").isGreaterThan(SLOTS / 4);
    }

    @Test
    void shouldReplaceAndFreePagesOnDisk() {
        fill(1, 300, 2000);
        writeBackAll();
        byte[][] second = fill(1, 100, 1500);
        client.trim(100, 100);

        assertHolds(second, 1, 100);
        for (int slot = 100; slot < 200; slot++) {
            assertThat(client.read(slot)).isEqualTo(new byte[PAGE]);
        }
        assertThat(backing().pages()).isEqualTo(100);
        client.trim(1, SLOTS - 1);
        assertThat(backing().pages()).isZero();
        assertThat(backing().tiers().compressedBytes()).isZero();
        assertThat(backing().tiers().freeSegments())
                .as("all but the open one")
                .isGreaterThanOrEqualTo(backing().tiers().segments() - 1);
    }

    @Test
    void shouldWriteInBatches() {
        fill(1, 1000, 1000);
        writeBackAll();

        assertThat(file.writtenBytes()).as("compressed, one behind the other").isLessThan(999 * 1300);
        assertThat(backing().tiers().writtenBytes()).isEqualTo(file.writtenBytes());
    }

    @Test
    void shouldNoticeEveryByteThatTheDiskChanged() {
        byte[][] pages = fill(1, 40, 2000);
        writeBackAll();
        int wrong = 0;
        for (int index = 0; index < PAGE; index += 37) {
            for (int place = 1; place < 24; place++) {
                file.flipByte(place, index);
            }
            for (int slot = 1; slot < 40; slot++) {
                byte[] read = new byte[PAGE];
                if (client.read(slot, read) == NbdError.OK) {
                    assertThat(read).isEqualTo(pages[slot]);
                } else {
                    wrong++;
                }
            }
            for (int place = 1; place < 24; place++) {
                file.flipByte(place, index);
            }
        }
        assertThat(wrong).isPositive();
        assertThat(device.statistics().corruptPages()).isEqualTo(wrong);
        assertThat(backing().corruptReads()).isEqualTo(wrong);
        assertHolds(pages, 1, 40);
    }

    /** Pages that were there before, whole: the disk goes back in time, or mixes up its places. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 64})
    void shouldTakeNeitherOldNorMovedPages(int moved) {
        fill(1, 400, 2000);
        writeBackAll();
        byte[][] before = places();
        client.trim(1, SLOTS - 1);
        byte[][] pages = null;
        for (int round = 0; round < 24; round++) {
            pages = fill(1, 400, 2000);
            writeBackAll();
        }

        for (int place = 1; place < SLOTS; place++) {
            file.overwrite(place, before[1 + (place + moved) % (SLOTS - 1)]);
        }
        int errors = 0;
        for (int slot = 1; slot < 400; slot++) {
            byte[] read = new byte[PAGE];
            if (client.read(slot, read) == NbdError.OK) {
                assertThat(read).isEqualTo(pages[slot]);
            } else {
                errors++;
            }
        }
        assertThat(errors).isEqualTo(399);
        assertThat(backing().corruptReads()).isEqualTo(399);
    }

    private byte[][] places() {
        byte[][] places = new byte[SLOTS][];
        for (int place = 0; place < SLOTS; place++) {
            places[place] = file.place(place);
        }
        return places;
    }

    @ParameterizedTest
    @ValueSource(ints = {EIO, 28 /* ENOSPC */, 19 /* ENODEV: it vanished */})
    void shouldKeepInMemoryWhatTheDiskRefuses(int errno) {
        file.inject(Faults.all(errno));
        byte[][] pages = fill(1, 400, 2000);
        device.writeBack(new WriteBackOrder(WriteBackKind.ALL, 0));

        await(() -> backing().state().equals("unwritable"));
        assertHolds(pages, 1, 400);
        assertThat(backing().pages()).isZero();
        assertThat(fill(400, 500, 2000)).as("memory has room").isNotNull();
    }

    @Test
    void shouldCountWhatTheDiskRefusesAndNotTakeItFromTheBudget() {
        long budget = 16 << 20;
        file.inject(Faults.all(EIO));
        device.setWriteBackLimits(new WriteBackLimits(budget, 0, false));
        fill(1, 1850, 2000);

        await(() -> backing().failedWrites() > 0);
        awaitAllFailed();
        assertThat(backing().tiers().writtenBackPages()).isZero();
        assertThat(backing().tiers().budgetLeftBytes()).isEqualTo(budget);
    }

    @Test
    void shouldCountWhatTheDiskRefusesOnOrder() {
        file.inject(Faults.all(EIO));
        fill(1, 100, 2000);
        device.writeBack(new WriteBackOrder(WriteBackKind.ALL, 0));

        await(() -> backing().failedWrites() > 0);
        awaitAllFailed();
    }

    /** They are counted one after the other. */
    private void awaitAllFailed() {
        await(() -> backing().failedWrites() == backing().numWrites());
    }

    @Test
    void shouldRefuseAPageOnlyWhenNeitherTakesIt() {
        file.inject(Faults.all(EIO));
        int slot = 1;
        while (slot < SLOTS && client.write(slot, TestPages.mixed(random, PAGE)) == NbdError.OK) {
            slot++;
        }

        assertThat(slot).isBetween(600, SLOTS - 1);
        assertThat(client.read(slot, new byte[PAGE]))
                .as("not stale, not zeroes")
                .isEqualTo(NbdError.EIO);
        file.inject(Faults.NONE);
        byte[] page = TestPages.mixed(random, PAGE);
        assertThat(client.write(slot, page)).isEqualTo(NbdError.OK);
        assertThat(client.read(slot)).isEqualTo(page);
        assertThat(backing().state()).isEqualTo("healthy");
    }

    @Test
    void shouldGoOnWithMemoryWhenItsOwnThreadDies() {
        byte[][] pages = fill(1, 100, 2000);
        writeBackAll();
        file.makeDeadly();
        byte[][] others = fill(100, 400, 2000);
        device.writeBack(new WriteBackOrder(WriteBackKind.ALL, 0));

        await(() -> backing().state().equals("broken"));
        assertThat(deaths).singleElement().isInstanceOf(IllegalStateException.class);
        assertHolds(pages, 1, 100);
        assertHolds(others, 100, 400);
        assertHolds(fill(1, 50, 2000), 1, 50);
        int slot = 400;
        while (slot < SLOTS && client.write(slot, TestPages.mixed(random, PAGE)) == NbdError.OK) {
            slot++;
        }
        assertThat(slot).as("the first that memory had no room for").isBetween(500, SLOTS - 1);
    }

    @Test
    void shouldTellAReadErrorAndGoOn() {
        byte[][] pages = fill(1, 100, 2000);
        writeBackAll();

        file.inject(Faults.all(EIO));
        assertThat(client.read(9, new byte[PAGE])).isEqualTo(NbdError.EIO);
        assertThat(backing().failedReads()).isOne();
        assertThat(backing().state()).isEqualTo("unreadable");

        file.inject(Faults.NONE);
        assertHolds(pages, 1, 100);
        assertThat(backing().state()).isEqualTo("healthy");
        assertThat(device.statistics().corruptPages()).isZero();
    }

    @Test
    void shouldRefuseWhatNoPlaceIsLeftForAndTakeItOnceThereIs() {
        int slot = 1;
        while (slot < SLOTS && client.write(slot, TestPages.mixed(random, PAGE)) == NbdError.OK) {
            slot++;
        }
        if (slot == SLOTS) {
            // Memory and disk together hold them all. Less memory does not.
            assertThat(backing().pages()).isPositive();
            return;
        }
        assertThat(backing().state()).isEqualTo("full");
        client.trim(1, 500);
        byte[] page = TestPages.mixed(random, PAGE);
        assertThat(client.write(slot, page)).isEqualTo(NbdError.OK);
        assertThat(client.read(slot)).isEqualTo(page);
    }

    /** The worst there is: nothing compresses, all slots are used, and are used again and again. */
    @Test
    void shouldKeepUpWithPagesThatDoNotCompress() {
        byte[][] pages = fill(1, SLOTS, PAGE);
        for (int i = 0; i < 6000; i++) {
            int slot = 1 + random.nextInt(SLOTS - 1);
            pages[slot] = TestPages.mixed(random, PAGE);
            assertThat(client.write(slot, pages[slot])).as("write %d", i).isEqualTo(NbdError.OK);
        }
        assertHolds(pages, 1, SLOTS);
        assertThat(backing().tiers().cleanedBytes()).isPositive();
    }

    @Test
    void shouldGoOnServingMemoryWhileTheDiskStalls() throws Exception {
        byte[][] onDisk = fill(1, 100, 2000);
        writeBackAll();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        CountDownLatch goOn = file.stall();
        try (DeviceClient reader = new DeviceClient(device)) {
            Future<byte[]> read = threads.submit(() -> reader.read(2));
            await(() -> file.stalledRequests() >= 1);

            byte[][] inMemory = fill(100, 400, 2000);
            assertHolds(inMemory, 100, 400);
            await(() -> backing().state().equals("stalled"));
            fill(400, 500, PAGE);
            assertThat(read.isDone()).isFalse();

            goOn.countDown();
            assertThat(read.get()).isEqualTo(onDisk[2]);
            await(() -> backing().state().equals("healthy"));
        } finally {
            goOn.countDown();
            threads.shutdown();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldKeepToItsBudget() {
        long budget = 64 << 10;
        device.setWriteBackLimits(new WriteBackLimits(budget, 0, false));
        fill(1, 1900, 2000);

        await(() -> backing().tiers().budgetLeftBytes() == 0);
        assertThat(backing().tiers().writtenBackPages() * 2000)
                .as("a page more at most, %s", backing())
                .isLessThanOrEqualTo(budget + PAGE);
        byte[][] more = fill(1900, 3000, 2000);
        assertHolds(more, 1900, 3000);
        assertThat(device.statistics().failedWrites())
                .as("what memory has no room for goes all the same")
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(WriteBackKind.class)
    void shouldKeepToItsBudgetOnOrder(WriteBackKind kind) {
        long budget = 64 << 10;
        device.setWriteBackLimits(new WriteBackLimits(budget, 0, false));
        byte[][] pages = fill(1, 800, 3000);

        assertThat(device.writeBack(new WriteBackOrder(kind, 0))).hasValue(budget);

        await(() -> backing().tiers().budgetLeftBytes() == 0);
        assertThat(device.writeBack(new WriteBackOrder(kind, 0))).hasValue(0);
        assertThat(backing().tiers().compressedBytes())
                .as("a page more at most, %s", backing())
                .isBetween(budget, budget + PAGE);
        device.setWriteBackLimits(WriteBackLimits.NONE);
        assertThat(device.writeBack(new WriteBackOrder(kind, 0))).hasValue(Long.MAX_VALUE);
        await(() -> device.statistics().pagesStored() == 1);
        assertHolds(pages, 1, 800);
    }

    @Test
    void shouldMovePagesOutWhenTheMemLimitIsLowered() throws DeviceException {
        byte[][] pages = fill(1, 1400, 2000);
        device.setMemLimit(new DeviceSettings(DISK, DISK / 8, true));

        await(() -> device.statistics().memUsedTotalBytes() <= DISK / 8);
        assertHolds(pages, 1, 1400);
    }

    @Test
    void shouldForgetThePagesOfTheDeviceBefore() throws DeviceException {
        fill(1, 300, 2000);
        writeBackAll();
        use(DISK / 4);

        assertThat(client.read(7)).isEqualTo(new byte[PAGE]);
        assertThat(backing().pages()).isZero();
        assertThat(backing().tiers().freeSegments()).isEqualTo(backing().tiers().segments());
    }
}

package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.TransmissionFlag;
import io.ramzswap.nbd.helped.HelpedExport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RamzswapDeviceTest {
    private static final int SLOTS = 4096;
    private static final long DISK = (long) SLOTS * PAGE;

    private final Random random = new Random(11);
    private RamzswapDevice device;
    private DeviceClient client;

    @BeforeEach
    void open() throws DeviceException {
        use(new DeviceSettings(DISK, DISK, false));
    }

    private void use(DeviceSettings settings) throws DeviceException {
        close();
        device = RamzswapDevice.create("rz0", settings, Thread::new);
        client = new DeviceClient(device);
    }

    @AfterEach
    void close() {
        if (device != null) {
            client.close();
            device.close();
        }
    }

    @Test
    void shouldOfferWhatAKernelNeedsForSwap() {
        assertThat(device.sizeBytes()).isEqualTo(DISK);
        assertThat(device.blockSize().minimum()).isEqualTo(PAGE);
        assertThat(device.blockSize().maximumPayload()).isEqualTo(64 << 20);
        assertThat(device.transmissionFlags())
                .isEqualTo(TransmissionFlag.HAS_FLAGS
                        | TransmissionFlag.SEND_FLUSH
                        | TransmissionFlag.SEND_FUA
                        | TransmissionFlag.SEND_TRIM
                        | TransmissionFlag.SEND_WRITE_ZEROES
                        | TransmissionFlag.SEND_CACHE
                        | TransmissionFlag.SEND_FAST_ZERO
                        | TransmissionFlag.CAN_MULTI_CONN);
    }

    @Test
    void shouldCarryTheHeaderOfASwapArea() {
        ByteBuffer header = ByteBuffer.wrap(client.read(0)).order(ByteOrder.nativeOrder());

        assertThat(header.getInt(1024)).as("version").isEqualTo(1);
        assertThat(header.getInt(1028)).as("last page").isEqualTo(SLOTS - 1);
        assertThat(header.getInt(1032)).as("bad pages").isZero();
        assertThat(new String(header.array(), 4086, 10, StandardCharsets.US_ASCII))
                .isEqualTo("SWAPSPACE2");
        assertThat(device.statistics().numWrites()).as("not counted as I/O").isZero();
    }

    @Test
    void shouldReadZeroesWhereNothingWasWritten() {
        assertThat(client.read(1)).isEqualTo(new byte[PAGE]);
        assertThat(client.read(SLOTS - 1)).isEqualTo(new byte[PAGE]);
    }

    @Test
    void shouldKeepSameFilledPagesForNothing() {
        client.write(1, TestPages.filled(Double.doubleToRawLongBits(Math.PI)));
        DeviceStatistics before = device.statistics();
        for (int slot = 1; slot < SLOTS; slot++) {
            long word = slot % 3 == 0 ? Double.doubleToRawLongBits(Math.PI) : slot % 3 == 1 ? slot : 0;
            assertThat(client.write(slot, TestPages.filled(word))).isEqualTo(NbdError.OK);
        }

        DeviceStatistics after = device.statistics();
        assertThat(after.zeroPages()).isEqualTo(SLOTS - 1);
        assertThat(after.pagesStored()).isEqualTo(before.pagesStored());
        assertThat(after.memUsedTotalBytes()).isEqualTo(before.memUsedTotalBytes());
        assertThat(client.read(3)).isEqualTo(TestPages.filled(Double.doubleToRawLongBits(Math.PI)));
        assertThat(client.read(4)).isEqualTo(TestPages.filled(4));
        assertThat(client.read(5)).isEqualTo(new byte[PAGE]);
    }

    @Test
    void shouldCompressTheFillValuesThatFindNoPlace() {
        for (int slot = 1; slot < SLOTS; slot++) {
            client.write(slot, TestPages.filled(wide(slot)));
        }
        client.close();
        client = new DeviceClient(device);
        for (int slot = 1; slot < SLOTS; slot++) {
            assertThat(client.read(slot)).isEqualTo(TestPages.filled(wide(slot)));
        }
        DeviceStatistics statistics = device.statistics();
        assertThat(statistics.pagesStored()).isGreaterThan(1);
        assertThat(statistics.pagesStored() + statistics.zeroPages()).isEqualTo(SLOTS);
    }

    private static long wide(int slot) {
        return 0x4000_0000_0000_0000L | slot * 0x1_0001_0001L;
    }

    @Test
    void shouldCountPagesByTheirKind() {
        client.write(1, TestPages.mixed(random, 100));
        client.write(2, TestPages.mixed(random, 2500));
        client.write(3, TestPages.mixed(random, PAGE));
        client.write(4, new byte[PAGE]);

        DeviceStatistics statistics = device.statistics();
        assertThat(statistics.pagesStored()).as("with the header").isEqualTo(4);
        assertThat(statistics.zeroPages()).isEqualTo(1);
        assertThat(statistics.goodCompressPercent()).isEqualTo(50);
        assertThat(statistics.noCompressPercent()).isEqualTo(25);
        assertThat(statistics.origDataBytes()).isEqualTo(4 * PAGE);
        assertThat(statistics.comprDataBytes()).isBetween(100L + 2500 + PAGE, 100L + 2500 + PAGE + 600);
        assertThat(statistics.memUsedTotalBytes()).isGreaterThan(statistics.comprDataBytes() + SLOTS * 8L);
        assertThat(statistics.pagesUsed()).isEqualTo(statistics.memUsedTotalBytes() / PAGE);
        assertThat(statistics.numWrites()).isEqualTo(4);
        assertThat(statistics.memLimitBytes()).as("none was given").isZero();
    }

    @Test
    void shouldGiveEverythingBackWhenPagesAreTrimmed() {
        long empty = device.statistics().memUsedTotalBytes();
        for (int slot = 1; slot < 1000; slot++) {
            client.write(slot, TestPages.any(random));
        }

        assertThat(client.trim(1, 499)).isEqualTo(NbdError.OK);
        assertThat(client.session().writeZeroes(500L * PAGE, 3000L * PAGE)).isEqualTo(NbdError.OK);

        DeviceStatistics statistics = device.statistics();
        assertThat(statistics.notifyFree()).as("pages that were held").isEqualTo(999);
        assertThat(statistics.pagesStored()).isEqualTo(1);
        assertThat(statistics.zeroPages()).isZero();
        assertThat(statistics.memUsedTotalBytes()).isEqualTo(empty);
        assertThat(client.read(7)).isEqualTo(new byte[PAGE]);
    }

    @Test
    @Timeout(60)
    void shouldCloseTheGapsThatFreedPagesLeave() throws InterruptedException {
        for (int slot = 1; slot < SLOTS; slot++) {
            client.write(slot, TestPages.mixed(random, 500 + random.nextInt(2000)));
        }
        for (int slot = 1; slot < SLOTS; slot++) {
            if (slot % 10 != 0) {
                client.trim(slot, 1);
            }
        }
        long enough = device.statistics().comprDataBytes() * 5 / 4
                + device.memory().tables().bytes()
                + (512 << 10);

        // However long it takes: a compaction that does not come leaves the test waiting for its time-out.
        while (device.statistics().memUsedTotalBytes() > enough) {
            Thread.sleep(10);
        }

        assertThat(device.statistics().pagesStored()).isEqualTo(1 + SLOTS / 10 - (SLOTS % 10 == 0 ? 1 : 0));
    }

    @Test
    void shouldRefuseWritesBeyondTheMemoryLimitAndKeepWhatItHas() throws DeviceException {
        long limit = DISK / 4;
        use(new DeviceSettings(DISK, limit, true));
        byte[][] written = new byte[SLOTS][];
        int refused = 0;
        for (int slot = 1; slot < SLOTS; slot++) {
            byte[] page = TestPages.mixed(random, PAGE);
            if (client.write(slot, page) == NbdError.OK) {
                written[slot] = page;
            } else {
                refused++;
            }
        }

        DeviceStatistics statistics = device.statistics();
        assertThat(refused).isGreaterThan(SLOTS / 2);
        assertThat(statistics.failedWrites()).isEqualTo(refused);
        assertThat(statistics.memUsedTotalBytes()).isBetween(limit * 9 / 10, limit);
        assertThat(statistics.memLimitBytes()).isEqualTo(limit);
        for (int slot = 1; slot < SLOTS; slot++) {
            if (written[slot] != null) {
                assertThat(client.read(slot)).isEqualTo(written[slot]);
            }
        }
    }

    @Test
    void shouldReplacePagesInAFullStore() throws DeviceException {
        use(new DeviceSettings(DISK, DISK / 4, true));
        int full = 1;
        while (client.write(full, TestPages.mixed(random, PAGE)) == NbdError.OK) {
            full++;
        }
        for (int slot = 1; slot < full; slot++) {
            byte[] page = TestPages.mixed(random, PAGE);
            assertThat(client.write(slot, page)).as("slot %d", slot).isEqualTo(NbdError.OK);
            assertThat(client.read(slot)).isEqualTo(page);
        }
    }

    @Test
    void shouldForgetTheOldPageWhenTheNewOneIsRefused() throws DeviceException {
        use(new DeviceSettings(DISK, DISK / 4, true));
        byte[] small = TestPages.mixed(random, 10);
        client.write(1, small);
        int full = 2;
        while (client.write(full, TestPages.mixed(random, PAGE)) == NbdError.OK) {
            full++;
        }

        assertThat(client.write(1, TestPages.mixed(random, PAGE))).isEqualTo(NbdError.ENOSPC);
        assertThat(client.read(1, new byte[PAGE]))
                .as("an error, not stale bytes")
                .isEqualTo(NbdError.EIO);

        client.trim(1, 1);
        assertThat(client.read(1)).isEqualTo(new byte[PAGE]);
        client.trim(2, 1);
        assertThat(client.write(1, small)).isEqualTo(NbdError.OK);
        assertThat(client.read(1)).isEqualTo(small);
    }

    /** Whoever stores the pages: the connection's thread, or that and a helper. */
    @ParameterizedTest(name = "helped: {0}")
    @ValueSource(booleans = {false, true})
    void shouldForgetAllOldPagesOfAWriteOfWhichOneIsRefused(boolean helped) throws DeviceException {
        int pages = 8;
        use(new DeviceSettings(DISK, DISK / 4, true));
        byte[] old = TestPages.mixed(random, 50);
        for (int slot = 1; slot <= pages; slot++) {
            client.write(slot, old);
        }
        int full = pages + 1;
        while (client.write(full, TestPages.mixed(random, PAGE)) == NbdError.OK) {
            full++;
        }
        long refusedBefore = device.statistics().failedWrites();
        byte[] sent = new byte[pages * PAGE];
        random.nextBytes(sent);

        try (HelpedExport export = new HelpedExport(device, helped ? 2 : 1, Thread::new);
                DeviceClient writer = new DeviceClient(export)) {
            assertThat(writer.write(1, sent)).isEqualTo(NbdError.ENOSPC);
        }

        int lost = 0;
        for (int slot = 1; slot <= pages; slot++) {
            byte[] read = new byte[PAGE];
            if (client.read(slot, read) == NbdError.OK) {
                assertThat(read)
                        .as("slot %d", slot)
                        .isEqualTo(Arrays.copyOfRange(sent, (slot - 1) * PAGE, slot * PAGE));
            } else {
                lost++;
            }
        }
        assertThat(lost).isPositive();
        assertThat(device.statistics().failedWrites() - refusedBefore).isEqualTo(lost);
    }

    @Test
    void shouldForgetTheOldPagesBehindOneThatIsRefused() throws DeviceException {
        use(new DeviceSettings(DISK, DISK / 4, true));
        byte[] sent = new byte[7 * PAGE];
        random.nextBytes(sent);
        int full = 1;
        while (client.write(full, TestPages.mixed(random, PAGE)) == NbdError.OK) {
            full++;
        }
        for (int slot = SLOTS - 7; slot < SLOTS; slot++) {
            assertThat(client.write(slot, TestPages.filled(slot))).isEqualTo(NbdError.OK);
        }

        assertThat(client.write(SLOTS - 7, sent)).isEqualTo(NbdError.ENOSPC);

        for (int slot = SLOTS - 7; slot < SLOTS; slot++) {
            assertThat(client.read(slot, new byte[PAGE])).as("slot %d", slot).isEqualTo(NbdError.EIO);
        }
    }

    @Test
    void shouldAnswerADamagedPageWithAnErrorAndCountIt() {
        byte[] compressible = TestPages.mixed(random, 1000);
        byte[] incompressible = TestPages.mixed(random, PAGE);
        for (byte[] page : new byte[][] {compressible, incompressible}) {
            long length = Arrays.equals(page, compressible) ? 8 + 1000 : PAGE;
            client.write(9, page);
            for (int damaged = 0; damaged < length; damaged += 53) {
                Damage.flipByte(device, 9, damaged);
                assertThat(client.read(9, new byte[PAGE]))
                        .as("byte %d", damaged)
                        .isEqualTo(NbdError.EIO);
                Damage.flipByte(device, 9, damaged);
            }
            assertThat(client.read(9)).isEqualTo(page);
        }
        assertThat(device.statistics().corruptPages()).isPositive();
        assertThat(device.statistics().failedReads())
                .isEqualTo(device.statistics().corruptPages());
    }

    @Test
    void shouldTellWhatItHoldsRunByRun() {
        client.trim(0, SLOTS);
        client.write(10, new byte[3 * PAGE]);
        client.write(13, TestPages.filled(5));
        client.write(14, TestPages.mixed(random, 1000));
        client.write(15, TestPages.mixed(random, PAGE));
        client.write(16, TestPages.mixed(random, PAGE));

        assertThat(extents(8, 12))
                .containsExactly(
                        "2 pages: hole, state 0",
                        "3 pages: hole, state 1",
                        "1 pages: data, state 2",
                        "1 pages: data, state 3",
                        "2 pages: data, state 4",
                        "3 pages: hole, state 0");
    }

    private List<String> extents(int firstSlot, int slots) {
        List<String> extents = new ArrayList<>();
        for (long at = firstSlot * (long) PAGE, end = at + slots * (long) PAGE; at < end; ) {
            long extent = client.session().extent(at, end - at);
            extents.add(Extent.length(extent) / PAGE + " pages: "
                    + (Extent.allocation(extent) == (Extent.HOLE | Extent.ZERO) ? "hole" : "data") + ", state "
                    + Extent.state(extent));
            at += Extent.length(extent);
        }
        return extents;
    }

    @Test
    void shouldCountRequestsThatTheConnectionRefused() {
        client.session().invalidRequest();
        client.session().invalidRequest();

        assertThat(device.statistics().invalidIo()).isEqualTo(2);
    }

    @Test
    void shouldServeRequestsOfManyPages() {
        byte[] pages = new byte[64 * PAGE];
        for (int i = 0; i < 64; i++) {
            System.arraycopy(TestPages.any(random), 0, pages, i * PAGE, PAGE);
        }
        client.write(100, pages);

        byte[] read = new byte[64 * PAGE];
        assertThat(client.read(100, read)).isEqualTo(NbdError.OK);
        assertThat(Arrays.equals(read, pages)).isTrue();
        assertThat(device.statistics().numReads()).isEqualTo(64);
    }

    @Test
    void shouldNotLeaveSessionsWithoutMemory() {
        assertThatThrownBy(device::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rz0 cannot be closed: 1 sessions are open");
        assertThat(client.read(1)).isEqualTo(new byte[PAGE]);
    }

    @Test
    void shouldSayWhenTheLimitLeavesNoRoomForPages() {
        assertThatThrownBy(() -> RamzswapDevice.create("rz0", new DeviceSettings(1L << 30, PAGE, true), Thread::new))
                .isInstanceOf(DeviceException.class)
                .hasMessage(
                        "a memlimit of 4 kB is too small for a disksize of 1048576 kB, which takes 3616 kB before the first page: "
                                + "raise memlimit or lower disksize");
    }
}

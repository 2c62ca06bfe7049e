package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.BackingSwapException;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.table.PageTable;
import io.ramzswap.table.PageWord;
import io.ramzswap.writeback.WriteBackKind;
import io.ramzswap.writeback.WriteBackOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bit of a slot's word flips, as in failing memory: an error of that page alone, until it is written or freed. */
@Timeout(120)
class DamagedWordTest {
    private static final int SLOTS = 4096;
    private static final long DISK = (long) SLOTS * PAGE;
    private static final int SLOT = 5;
    private static final int WRITTEN_BACK = 5;

    private final Random random = new Random(64);
    private final Queue<Throwable> deaths = new ConcurrentLinkedQueue<>();
    private RamzswapDevice device;
    private DeviceClient client;
    private byte[] neighbour;

    /** What a slot can hold without a disk. */
    enum Kind {
        EMPTY,
        ZERO,
        FILLED,
        FILLED_WIDE,
        COMPRESSED,
        RAW,
        LEAVING,
        LEAVING_RAW,
        LOST,
        IN_FLIGHT
    }

    private void use(DeviceSettings settings, Optional<BackingSwap> backing) throws DeviceException {
        device = RamzswapDevice.create("rz0", settings, backing, task -> {
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((dead, failure) -> deaths.add(failure));
            return thread;
        });
        client = new DeviceClient(device);
        neighbour = TestPages.mixed(random, 700);
        client.write(SLOT + 1, neighbour);
    }

    @AfterEach
    void close() {
        if (device != null) {
            client.close();
            device.close();
        }
        assertThat(deaths).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotBelieveAWordOfAnyKindOfWhichABitWasFlipped(Kind kind) throws DeviceException {
        use(new DeviceSettings(DISK, DISK, false), Optional.empty());
        checkAllBits(() -> put(kind));
    }

    @ParameterizedTest
    @EnumSource(CompressorKind.class)
    void shouldNotBelieveTheWordOfAPageOfAnyCompressor(CompressorKind compressor) throws DeviceException {
        use(new DeviceSettings(DISK, DISK, false).withCompressor(compressor), Optional.empty());
        checkAllBits(() -> put(Kind.COMPRESSED));
    }

    @ParameterizedTest(name = "encrypted: {0}")
    @ValueSource(booleans = {true, false})
    void shouldNotBelieveTheWordOfAPageOnALinearBackingSwap(boolean encrypted) throws Exception {
        useBacking(BackingLayout.LINEAR, encrypted);
        checkAllBits(() -> {
            client.write(SLOT, TestPages.mixed(random, PAGE));
            assertThat(state()).isEqualTo(WRITTEN_BACK);
        });
    }

    @ParameterizedTest(name = "encrypted: {0}, {1} bytes of noise")
    @CsvSource({"true, 900", "false, 900", "false, 4096"})
    void shouldNotBelieveTheWordOfAPageInALog(boolean encrypted, int noise) throws Exception {
        useBacking(BackingLayout.LOG, encrypted);
        checkAllBits(() -> {
            client.write(SLOT, TestPages.mixed(random, noise));
            device.writeBack(new WriteBackOrder(WriteBackKind.ALL, 0));
            while (state() != WRITTEN_BACK) {
                pause();
            }
        });
    }

    private static void pause() {
        try {
            TimeUnit.MICROSECONDS.sleep(200);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void useBacking(BackingLayout layout, boolean encrypted) throws DeviceException, BackingSwapException {
        BackingSwap backing = new FaultyFile(SLOTS).swap(new BackingOptions(layout, encrypted));
        use(new DeviceSettings(DISK, DISK / 2, true), Optional.of(backing));
    }

    private void put(Kind kind) {
        PageTable table = device.memory().tables().pageTable();
        switch (kind) {
            case EMPTY -> client.trim(SLOT, 1);
            case ZERO -> client.write(SLOT, new byte[PAGE]);
            case FILLED -> client.write(SLOT, TestPages.filled(4711));
            case FILLED_WIDE -> client.write(SLOT, TestPages.filled(Double.doubleToRawLongBits(Math.E)));
            case COMPRESSED, LEAVING -> client.write(SLOT, TestPages.mixed(random, 900));
            case RAW, LEAVING_RAW -> client.write(SLOT, TestPages.mixed(random, PAGE));
            default -> {
                client.trim(SLOT, 1);
                table.exchange(SLOT, kind == Kind.LOST ? PageWord.LOST_WORD : PageWord.IN_FLIGHT_WORD);
            }
        }
        if (kind == Kind.LEAVING || kind == Kind.LEAVING_RAW) {
            table.exchange(SLOT, PageWord.leaving(table.get(SLOT)));
        }
    }

    private void checkAllBits(Runnable put) {
        byte[] page = new byte[PAGE];
        try (SlotFrees frees = device.openSlotFrees()) {
            for (int bit = 0; bit < Long.SIZE; bit++) {
                put.run();
                flip(bit);
                long corrupt = device.statistics().corruptPages();
                // When it is looked at in every way
                assertThat(client.read(SLOT, page)).as("bit %d", bit).isEqualTo(NbdError.EIO);
                assertThat(device.statistics().corruptPages()).isEqualTo(corrupt + 1);
                assertThat(state()).isEqualTo(PageState.LOST);
                assertThat(frees.free(SLOT, System.nanoTime() + TimeUnit.SECONDS.toNanos(1)))
                        .isEqualTo(SlotFrees.TOO_NEW);
                // And while the threads of the device's own look at it
                device.memory().compactor().wake();
                device.writeBack(new WriteBackOrder(WriteBackKind.ALL, 0));
                // Then the others are well
                assertThat(client.read(SLOT + 1)).isEqualTo(neighbour);
                // And a write puts it right
                byte[] written = TestPages.any(random);
                assertThat(client.write(SLOT, written)).isEqualTo(NbdError.OK);
                assertThat(Arrays.equals(client.read(SLOT), written)).isTrue();
                assertThat(device.statistics().corruptPages()).isEqualTo(corrupt + 2);

                put.run();
                flip(bit);
                // And so does a discard
                assertThat(client.trim(SLOT, 1)).isEqualTo(NbdError.OK);
                assertThat(client.read(SLOT)).containsOnly(0);
            }
        }
    }

    private int state() {
        return Extent.state(client.session().extent((long) SLOT * PAGE, PAGE));
    }

    private void flip(int bit) {
        Damage.flipBit(device.memory().tables().memory(), (long) SLOT * PageTable.WORD_BYTES, bit);
    }
}

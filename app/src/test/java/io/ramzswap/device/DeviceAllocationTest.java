package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.BackingSwapException;
import io.ramzswap.backing.BackingSwapOpener;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.SwapFile;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.heap.AllocatedBytes;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.helped.HelpedExport;
import io.ramzswap.writeback.WriteBack;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariant 1 of the design: no heap allocation on the way of a page. */
class DeviceAllocationTest {
    private static final int SLOTS = 1024;
    private static final int KINDS = 8;
    private static final int WARM_UP_ROUNDS = 40;
    private static final DeviceSettings SETTINGS =
            new DeviceSettings((long) SLOTS * PAGE, (long) SLOTS * PAGE / 4, true);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingForARequest(CompressorKind compressor) throws DeviceException {
        try (RamzswapDevice device = RamzswapDevice.create("rz0", SETTINGS.withCompressor(compressor), Thread::new)) {
            assertThat(allocatedByRounds(device)).isZero();
            assertThat(device.statistics().failedWrites())
                    .as("full stores are on the way, too")
                    .isPositive();
        }
    }

    /** Pages of one compressor are there while another makes the new ones. */
    @Test
    void shouldAllocateNothingOnceTheCompressorWasChanged() throws DeviceException {
        try (RamzswapDevice device = RamzswapDevice.create("rz0", SETTINGS, Thread::new);
                DeviceClient client = new DeviceClient(device)) {
            byte[] page = TestPages.mixed(new Random(1), 1000);
            client.write(SLOTS - 1, page);

            device.setCompressor(CompressorKind.ZSTD);

            assertThat(allocatedByRounds(device)).isZero();
            client.write(SLOTS - 2, page);
            assertThat(client.read(SLOTS - 2)).isEqualTo(page);
        }
    }

    @ParameterizedTest
    @MethodSource("io.ramzswap.device.BackingSwapModelTest#ways")
    void shouldAllocateNothingForARequestThatGoesToTheDisk(BackingOptions options)
            throws DeviceException, BackingSwapException {
        Path directory = SwapFile.directory();
        Path file = SwapFile.make(directory.resolve("swap"), SLOTS);
        BackingSwap backing = BackingSwapOpener.open(file, options);
        try (RamzswapDevice device = RamzswapDevice.create("rz0", SETTINGS, Optional.of(backing), Thread::new)) {
            assertThat(allocatedByRounds(device)).isZero();
            assertThat(device.statistics().failedWrites()).isZero();
            assertThat(device.statistics().backing().numReads()).isGreaterThan(SLOTS / 8);
        } finally {
            assertThat(file.toFile().delete() && directory.toFile().delete()).isTrue();
        }
    }

    /** The thread that makes room must need none. */
    @Test
    void shouldAllocateNothingToWriteBack() throws DeviceException {
        AtomicReference<Thread> writer = new AtomicReference<>();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task);
            if (task instanceof WriteBack) {
                writer.set(thread);
            }
            return thread;
        };
        BackingSwap backing = new FaultyFile(SLOTS).swap(BackingOptions.DEFAULT);
        try (RamzswapDevice device = RamzswapDevice.create("rz0", SETTINGS, Optional.of(backing), threads);
                ExportSession session = device.open()) {
            ByteBuffer pages = pagesOfEveryKind();
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                round(session, pages);
            }
            long moved = device.statistics().backing().numWrites();
            long before = THREADS.getThreadAllocatedBytes(writer.get().getId());
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                round(session, pages);
            }
            long allocated = THREADS.getThreadAllocatedBytes(writer.get().getId()) - before;

            assertThat(device.statistics().backing().numWrites()).isGreaterThan(moved + SLOTS);
            // FaultyFile makes a generator of random numbers for each request.
            assertThat(allocated / (device.statistics().backing().numWrites() - moved))
                    .as("bytes a page")
                    .isLessThan(64);
        }
    }

    @Test
    void shouldAllocateNothingForAWriteThatTwoThreadsCarryOut() throws DeviceException {
        AtomicReference<Thread> helper = new AtomicReference<>();
        ThreadFactory threads = task -> {
            helper.set(new Thread(task));
            return helper.get();
        };
        try (RamzswapDevice device = RamzswapDevice.create("rz0", SETTINGS, Thread::new);
                HelpedExport export = new HelpedExport(device, 2, threads);
                ExportSession session = export.open()) {
            ByteBuffer pages = pagesOfEveryKind();
            Runnable rounds = () -> {
                for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                    longWrites(session, pages);
                }
            };
            rounds.run();
            long cpuBefore = THREADS.getThreadCpuTime(helper.get().getId());

            assertThat(AllocatedBytes.of(helper.get(), rounds))
                    .as("the helper's")
                    .isZero();
            assertThat(THREADS.getThreadCpuTime(helper.get().getId())).isGreaterThan(cpuBefore);
            assertThat(AllocatedBytes.of(rounds)).isZero();
        }
    }

    private static void longWrites(ExportSession session, ByteBuffer pages) {
        for (int slot = 8; slot + KINDS <= SLOTS; slot += KINDS) {
            session.write((long) slot * PAGE, KINDS * PAGE, pages, 0);
        }
    }

    private static long allocatedByRounds(RamzswapDevice device) {
        ByteBuffer pages = pagesOfEveryKind();
        try (ExportSession session = device.open()) {
            // First classes load and call sites link; then code is compiled, and compiled anew where it guessed wrong.
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                round(session, pages);
            }

            return AllocatedBytes.of(() -> {
                for (int i = 0; i < 10; i++) {
                    round(session, pages);
                }
            });
        }
    }

    private static void round(ExportSession session, ByteBuffer pages) {
        for (int slot = 1; slot < SLOTS; slot++) {
            session.write((long) slot * PAGE, PAGE, pages, slot % KINDS * PAGE);
            session.read((long) slot * PAGE, PAGE, pages, KINDS * PAGE);
        }
        session.trim(0, (long) SLOTS / 2 * PAGE);
        session.writeZeroes((long) SLOTS / 2 * PAGE, (long) SLOTS / 2 * PAGE);
        session.flush();
        session.invalidRequest();
    }

    private static ByteBuffer pagesOfEveryKind() {
        Random random = new Random(4);
        ByteBuffer pages = ByteBuffer.allocateDirect((KINDS + 1) * PAGE);
        pages.put(0, TestPages.filled(0)).put(PAGE, TestPages.filled(0x5555_5555_5555_5555L));
        for (int kind = 2; kind < KINDS; kind++) {
            pages.put(kind * PAGE, TestPages.mixed(random, (kind - 1) * PAGE / (KINDS - 2)));
        }
        return pages;
    }
}

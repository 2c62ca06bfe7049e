package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ramzswap.nbd.ExportSession;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Invariant 1 of the design: no heap allocation on the way of a page. */
class DeviceAllocationTest {
    private static final int SLOTS = 1024;
    private static final int KINDS = 8;
    private static final int WARM_UP_ROUNDS = 40;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingForARequest() throws DeviceException {
        DeviceSettings settings = new DeviceSettings((long) SLOTS * PAGE, (long) SLOTS * PAGE / 4, true);
        ByteBuffer pages = pagesOfEveryKind();
        try (RamzswapDevice device = RamzswapDevice.create("rz0", settings, Thread::new);
                ExportSession session = device.open()) {
            // First classes load and call sites link; then code is compiled, and compiled anew where it guessed wrong.
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                round(session, pages);
            }

            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10; i++) {
                round(session, pages);
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

            assertThat(device.statistics().failedWrites())
                    .as("full stores are on the way, too")
                    .isPositive();
            assertThat(allocated).isZero();
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

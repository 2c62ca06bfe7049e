package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ramzswap.nbd.NbdError;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotFreesTest {
    private static final int SLOTS = 256;
    private static final int FIRST_SLOT = 1;
    /** More than two ticks of the stamps. */
    private static final long TICKS_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private RamzswapDevice device;
    private DeviceClient kernel;
    private SlotFrees slotFrees;

    @BeforeEach
    void open() throws DeviceException {
        device = RamzswapDevice.create(
                "rz0", new DeviceSettings((long) SLOTS * PAGE, (long) SLOTS * PAGE, false), Thread::new);
        kernel = new DeviceClient(device);
        slotFrees = device.openSlotFrees();
    }

    @AfterEach
    void close() {
        slotFrees.close();
        kernel.close();
        device.close();
    }

    /** A slot that the kernel freed. */
    private record Event(int slot, long nanoTime) {}

    @Test
    void shouldFreeAPageStoredBeforeItsSlotDied() {
        kernel.write(7, TestPages.mixed(new Random(1), 1000));
        pass(TICKS_NANOS);

        assertThat(slotFrees.free(7, System.nanoTime())).isEqualTo(SlotFrees.FREED);

        assertThat(kernel.read(7)).isEqualTo(new byte[PAGE]);
        assertThat(device.statistics().pagesStored()).as("the header stays").isEqualTo(1);
        assertThat(device.statistics().notifyFree()).isEqualTo(1);
        assertThat(device.statistics().eventFree()).isEqualTo(1);
    }

    @Test
    void shouldTellItsFreesFromThoseByTrim() {
        kernel.write(7, TestPages.filled(1));
        kernel.write(8, TestPages.filled(2));
        pass(TICKS_NANOS);
        slotFrees.free(7, System.nanoTime());
        kernel.trim(7, 2);

        assertThat(device.statistics().notifyFree()).isEqualTo(2);
        assertThat(device.statistics().eventFree()).isEqualTo(1);
    }

    @Test
    void shouldKeepAPageStoredAfterItsSlotDied() {
        byte[] page = TestPages.mixed(new Random(1), 1000);
        long died = System.nanoTime();
        kernel.write(7, page);

        assertThat(slotFrees.free(7, died)).isEqualTo(SlotFrees.TOO_NEW);

        assertThat(kernel.read(7)).isEqualTo(page);
        assertThat(device.statistics().notifyFree()).isZero();
    }

    @Test
    void shouldKeepThePageThatReplacedTheDeadOne() {
        kernel.write(7, TestPages.filled(1));
        pass(TICKS_NANOS);
        long died = System.nanoTime();
        byte[] page = TestPages.filled(2);
        kernel.write(7, page);
        pass(TICKS_NANOS);

        assertThat(slotFrees.free(7, died)).isEqualTo(SlotFrees.TOO_NEW);
        assertThat(kernel.read(7)).isEqualTo(page);
    }

    @Test
    void shouldFindNothingInAnEmptySlot() {
        assertThat(slotFrees.free(7, System.nanoTime())).isEqualTo(SlotFrees.EMPTY);
        assertThat(device.statistics().notifyFree()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, SLOTS, SLOTS + 7, 1L << 32 | 7, Long.MIN_VALUE, Long.MAX_VALUE})
    void shouldRefuseWhatIsNoSlotForPages(long slot) {
        kernel.write(7, TestPages.filled(1));
        byte[] header = kernel.read(0);
        pass(TICKS_NANOS);

        assertThat(slotFrees.free(slot, System.nanoTime())).isEqualTo(SlotFrees.NO_SLOT);

        assertThat(kernel.read(0)).isEqualTo(header);
        assertThat(kernel.read(7)).isEqualTo(TestPages.filled(1));
    }

    @Test
    void shouldAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] page = TestPages.mixed(new Random(1), 1000);
        long freed = 0;
        long allocated = 0;
        for (int round = 0; round < 5; round++) {
            for (int slot = FIRST_SLOT; slot < SLOTS; slot++) {
                kernel.write(slot, page);
            }
            pass(TICKS_NANOS);
            long now = System.nanoTime();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int slot = FIRST_SLOT; slot < SLOTS; slot++) {
                freed += slotFrees.free(slot, now) == SlotFrees.FREED ? 1 : 0;
                slotFrees.free(slot, now);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before; // the first rounds load classes
        }
        assertThat(freed).isEqualTo(5L * (SLOTS - FIRST_SLOT));
        assertThat(allocated).isZero();
    }

    /** Frees are told late, out of order, twice or never: what is alive always reads as it was written. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldNeverLoseALivePageWhateverHappensToEvents(long seed) {
        Random random = new Random(seed);
        byte[][] alive = new byte[SLOTS][];
        List<Event> pending = new ArrayList<>();
        int[] results = new int[4];
        for (int step = 0; step < 30_000; step++) {
            int slot = FIRST_SLOT + random.nextInt(SLOTS - FIRST_SLOT);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    if (alive[slot] == null) {
                        alive[slot] = TestPages.any(random);
                        assertThat(kernel.write(slot, alive[slot])).isEqualTo(NbdError.OK);
                    }
                }
                case 2 -> {
                    if (alive[slot] != null) {
                        pending.add(new Event(slot, System.nanoTime()));
                        alive[slot] = null;
                    }
                }
                case 3 -> {
                    if (alive[slot] != null) {
                        assertThat(kernel.read(slot))
                                .as("seed %d step %d slot %d", seed, step, slot)
                                .isEqualTo(alive[slot]);
                    }
                }
                case 4 -> mishandle(pending, random, results);
                default -> pass(random.nextInt(100) == 0 ? TICKS_NANOS : 0);
            }
        }
        assertThat(results[SlotFrees.FREED]).as("some were in time").isPositive();
        assertThat(results[SlotFrees.TOO_NEW]).as("some were too late").isPositive();
        assertEverythingGoesAtLast(alive);
    }

    private void mishandle(List<Event> pending, Random random, int[] results) {
        if (pending.isEmpty()) {
            return;
        }
        Collections.swap(pending, random.nextInt(pending.size()), pending.size() - 1);
        Event event = pending.get(pending.size() - 1);
        int fate = random.nextInt(10);
        if (fate != 0) { // 0 is lost
            results[slotFrees.free(event.slot, event.nanoTime)]++;
        }
        if (fate > 2) { // 1 and 2 come again
            pending.remove(pending.size() - 1);
        }
    }

    private void assertEverythingGoesAtLast(byte[][] alive) {
        Arrays.fill(alive, null);
        pass(TICKS_NANOS);
        for (int slot = FIRST_SLOT; slot < SLOTS; slot++) {
            slotFrees.free(slot, System.nanoTime());
        }
        DeviceStatistics statistics = device.statistics();
        assertThat(statistics.pagesStored()).as("the header").isEqualTo(1);
        assertThat(statistics.zeroPages()).isZero();
    }

    @Test
    void shouldNeverLoseALivePageToAnotherThread() throws Exception {
        Queue<Event> events = new ConcurrentLinkedQueue<>();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Long> notifier = executor.submit(() -> freeLate(events));
            Random random = new Random(5);
            byte[][] alive = new byte[8][];
            for (int step = 0; step < 60_000; step++) {
                int slot = FIRST_SLOT + random.nextInt(alive.length - FIRST_SLOT);
                if (alive[slot] == null) {
                    alive[slot] = TestPages.filled(step + 1L);
                    kernel.write(slot, alive[slot]);
                } else {
                    assertThat(kernel.read(slot)).as("step %d", step).isEqualTo(alive[slot]);
                    alive[slot] = null;
                    events.add(new Event(slot, System.nanoTime()));
                }
            }
            events.add(new Event(0, 0));
            assertThat(notifier.get()).isPositive();
        } finally {
            executor.shutdownNow();
        }
    }

    private Long freeLate(Queue<Event> events) {
        Deque<Event> late = new ArrayDeque<>();
        long told = 0;
        for (boolean ended = false; !ended; ) {
            Event event = events.poll();
            if (event != null) {
                ended = event.slot == 0;
                late.add(event);
            }
            while (late.size() > told % 16) {
                Event oldest = late.remove();
                slotFrees.free(oldest.slot, oldest.nanoTime);
                told++;
            }
        }
        return told;
    }

    private static void pass(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}

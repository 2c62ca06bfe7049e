package io.ramzswap.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.device.RamzswapDevice;
import io.ramzswap.device.SlotFrees;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.notify.trace.SubBuffer;
import io.ramzswap.notify.trace.TestSubBuffer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All between the kernel's raw buffers and the store, beside a model of the kernel: processors with a ring buffer each, that
 * are read late and in any order, overwrite what was not read, hand out the same twice, and hold events of another device,
 * while slots are given out again and again, and the device stops being swap and becomes it anew. Whatever lives reads as it
 * was written.
 */
class NotifierModelTest {
    private static final int PAGE = 4096;
    private static final int SLOTS = 256;
    private static final int PROCESSORS = 3;
    private static final int STEPS = 30_000;
    /** More than two ticks of the stamps, and the clocks' slack. */
    private static final long OLD_ENOUGH_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
    private final SubBuffer decoder = new SubBuffer(TestSubBuffer.LAYOUT);
    /** What each slot holds for the kernel; 0 is nothing. */
    private final long[] alive = new long[SLOTS];

    private final List<List<Event>> processors = new ArrayList<>();
    private final List<ByteBuffer> readBefore = new ArrayList<>();
    private RamzswapDevice device;
    private ExportSession kernel;
    private SlotFrees slots;
    private SlotRelease release;
    private SlotFreeEvents events;
    private long nextContent;

    private record Event(ByteBuffer record, long time) {}

    @BeforeEach
    void open() throws DeviceException, IOException {
        device = RamzswapDevice.create(
                "rz0", new DeviceSettings((long) SLOTS * PAGE, (long) SLOTS * PAGE, false), Thread::new);
        kernel = device.open();
        slots = device.openSlotFrees();
        release = new SlotRelease(slots);
        events = new SlotFreeEvents(
                SlotFreeRecords.function(SlotForm.ENTRY), SlotFreeRecords.DEVICE, SlotFreeRecords.FORMAT, release);
        for (int i = 0; i < PROCESSORS; i++) {
            processors.add(new ArrayList<>());
        }
    }

    @AfterEach
    void close() {
        slots.close();
        kernel.close();
        device.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldNeverTakeALivePageWhateverHappensToEvents(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            String when = "seed " + seed + " step " + step;
            int slot = 1 + random.nextInt(SLOTS - 1);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> swapOut(slot, random, when);
                case 3 -> free(slot, 1 + random.nextInt(16), random);
                case 4 -> swapIn(slot, when);
                case 5 -> look(random);
                case 6 -> rarely(random);
                default -> pass(random.nextInt(50) == 0 ? OLD_ENOUGH_NANOS : 0);
            }
        }
        for (int slot = 1; slot < SLOTS; slot++) {
            swapIn(slot, "seed " + seed + " at last");
        }
        assertThat(device.statistics().eventFree()).as("some were in time").isPositive();
        assertThat(release.tooNew()).as("some were too late").isPositive();
        assertThat(events.foreign()).as("some were another device's").isPositive();
        assertNothingStaysOnceAllEventsArrive();
    }

    private void swapOut(int slot, Random random, String when) {
        if (alive[slot] == 0) {
            alive[slot] = ++nextContent << 8 | random.nextInt(256);
            setPage(alive[slot]);
            assertThat(kernel.write((long) slot * PAGE, PAGE, page, 0)).as(when).isEqualTo(NbdError.OK);
        }
    }

    private void setPage(long content) {
        Random bytes = new Random(content);
        int noise = (int) (content & 0xff) * 16 / Long.BYTES;
        for (int i = 0; i < PAGE / Long.BYTES; i++) {
            page.putLong(i * Long.BYTES, i < noise ? bytes.nextLong() : content);
        }
    }

    private void swapIn(int slot, String when) {
        if (alive[slot] == 0) {
            return;
        }
        setPage(alive[slot]);
        byte[] wanted = new byte[PAGE];
        page.get(0, wanted);
        assertThat(kernel.read((long) slot * PAGE, PAGE, page, 0)).as(when).isEqualTo(NbdError.OK);
        byte[] got = new byte[PAGE];
        page.get(0, got);
        assertThat(got).as("%s slot %d", when, slot).isEqualTo(wanted);
    }

    /** The kernel frees a run of slots: it says so, then they may be given out again. */
    private void free(int first, int most, Random random) {
        int end = first;
        while (end < SLOTS && end < first + most && alive[end] != 0) {
            end++;
        }
        if (end == first) {
            return;
        }
        record(random, SlotFreeRecords.record(entry(first), end - first));
        for (int slot = first; slot < end; slot++) {
            alive[slot] = 0;
        }
    }

    private static long entry(int slot) {
        return (long) SlotFreeRecords.TYPE << 58 | slot;
    }

    private void record(Random random, ByteBuffer record) {
        processors.get(random.nextInt(PROCESSORS)).add(new Event(record, System.nanoTime()));
    }

    /** The notifier looks at one processor's buffer, which may be long after. */
    private void look(Random random) {
        List<Event> buffer = processors.get(random.nextInt(PROCESSORS));
        int fate = random.nextInt(10);
        if (fate == 0) {
            buffer.subList(0, buffer.size() / 2).clear(); // overwritten
        } else if (fate == 1 && !readBefore.isEmpty()) {
            decoder.decode(readBefore.get(random.nextInt(readBefore.size())), events);
        } else if (fate < 7) {
            decode(buffer, random.nextInt(buffer.size() + 1), random.nextInt(20) == 0);
        }
    }

    private void decode(List<Event> buffer, int most, boolean keep) {
        if (most == 0) {
            return;
        }
        TestSubBuffer bytes = new TestSubBuffer(buffer.get(0).time);
        int count = 0;
        while (count < most && bytes.hasRoom(SlotFreeRecords.BYTES)) {
            Event event = buffer.get(count++);
            bytes.event(event.time, event.record);
        }
        buffer.subList(0, count).clear();
        decoder.decode(bytes.bytes(), events);
        if (keep) {
            readBefore.add(bytes.bytes());
        }
    }

    private void rarely(Random random) {
        int slot = 1 + random.nextInt(SLOTS - 1);
        switch (random.nextInt(200)) {
            case 0 -> free(slot, SLOTS, random);
            case 1 -> swapOffAndOn(random);
            case 2, 3, 4, 5 ->
                record(random, SlotFreeRecords.record(entry(slot), SLOTS).putInt(28, SlotFreeRecords.OTHER_DEVICE));
            case 6 -> record(random, SlotFreeRecords.record(entry(SLOTS), 1000)); // past the end
            case 7 -> record(random, SlotFreeRecords.record(entry(0), 1)); // the header
            default -> {}
        }
    }

    /** Every slot dies, and the first page is written as by mkswap. */
    private void swapOffAndOn(Random random) {
        for (int slot = 1; slot < SLOTS; slot++) {
            free(slot, SLOTS, random);
        }
        setPage(++nextContent);
        kernel.write(0, PAGE, page, 0);
    }

    private void assertNothingStaysOnceAllEventsArrive() {
        pass(OLD_ENOUGH_NANOS);
        Random random = new Random(0);
        for (int slot = 1; slot < SLOTS; slot++) {
            alive[slot] = 0;
            record(random, SlotFreeRecords.record(entry(slot), 1));
        }
        for (List<Event> buffer : processors) {
            while (!buffer.isEmpty()) {
                decode(buffer, buffer.size(), false);
            }
        }
        DeviceStatistics statistics = device.statistics();
        assertThat(statistics.pagesStored() + statistics.zeroPages())
                .as("the header")
                .isEqualTo(1);
    }

    @Test
    void shouldAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Random random = new Random(1);
        long allocated = 0;
        for (int round = 0; round < 5; round++) {
            for (int slot = 1; slot < SLOTS; slot++) {
                swapOut(slot, random, "round " + round);
            }
            pass(OLD_ENOUGH_NANOS);
            TestSubBuffer bytes = new TestSubBuffer(System.nanoTime());
            for (int slot = 1; bytes.hasRoom(SlotFreeRecords.BYTES); slot++) {
                bytes.event(System.nanoTime(), SlotFreeRecords.record(entry(slot), 1));
                alive[slot] = 0;
            }
            ByteBuffer whole = bytes.bytes();
            long freed = device.statistics().eventFree();
            long before = threads.getCurrentThreadAllocatedBytes();
            decoder.decode(whole, events);
            allocated = threads.getCurrentThreadAllocatedBytes() - before; // the first rounds load classes
            assertThat(device.statistics().eventFree()).isGreaterThan(freed + 50);
        }
        assertThat(allocated).isZero();
    }

    private static void pass(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}

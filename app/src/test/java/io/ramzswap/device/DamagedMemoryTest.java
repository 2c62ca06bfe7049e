package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.nbd.NbdError;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bits flip anywhere in the memory that a device shares: in its tables, in what the arena notes of its frames, in the lists and
 * bitmaps of an allocator, in pages. Every page then reads as it was written or is an error, and the device goes on.
 */
@Timeout(240)
class DamagedMemoryTest {
    private static final int SLOTS = 512;
    private static final long DISK = (long) SLOTS * PAGE;
    /** The header, the summaries, and the records of the first two dozen chunks. */
    private static final int RECORDS_END = 4096 + 4096 + 24 * 128;

    private static final int DEVICES = 6;
    private static final int FLIPS_A_DEVICE = 60;
    private static final int STEPS_A_FLIP = 24;

    private final Queue<Throwable> deaths = new ConcurrentLinkedQueue<>();

    /** Where bits flip. */
    enum Where {
        /** Page table, write stamps, fill values. */
        TABLES,
        /** The arena's header, summaries, records and tags. */
        RECORDS,
        /** The words of its frames. */
        FRAME_WORDS,
        /** The lists and bitmaps of the allocator. */
        CONTROL,
        /** Frames in use: headers of blocks, spans and frames, links of free blocks, objects and pages. */
        FRAMES
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "SEGMENT, TABLES",
        "SEGMENT, RECORDS",
        "SEGMENT, FRAME_WORDS",
        "SEGMENT, CONTROL",
        "SEGMENT, FRAMES",
        "XVMALLOC, FRAME_WORDS",
        "XVMALLOC, CONTROL",
        "XVMALLOC, FRAMES",
        "ZBUD, RECORDS",
        "ZBUD, FRAME_WORDS",
        "ZBUD, CONTROL",
        "ZBUD, FRAMES",
        "ZSMALLOC, RECORDS",
        "ZSMALLOC, FRAME_WORDS",
        "ZSMALLOC, CONTROL",
        "ZSMALLOC, FRAMES"
    })
    void shouldGiveNoWrongByteAndGoOn(AllocatorKind allocator, Where where) throws DeviceException {
        for (int seed = 0; seed < DEVICES; seed++) {
            run(allocator, where, new Random(seed));
        }
        assertThat(deaths).isEmpty();
    }

    private void run(AllocatorKind allocator, Where where, Random random) throws DeviceException {
        DeviceSettings settings = new DeviceSettings(DISK, DISK, false).withAllocator(allocator);
        try (RamzswapDevice device = RamzswapDevice.create("rz0", settings, this::newThread);
                DeviceClient client = new DeviceClient(device)) {
            byte[][] model = new byte[SLOTS][];
            for (int slot = 1; slot < SLOTS; slot++) {
                write(client, model, slot, random);
            }
            for (int slot = 1; slot < SLOTS; slot += 3) {
                trim(client, model, slot);
            }
            for (int flip = 0; flip < FLIPS_A_DEVICE; flip++) {
                flip(device, where, random);
                for (int step = 0; step < STEPS_A_FLIP; step++) {
                    step(client, model, 1 + random.nextInt(SLOTS - 1), random);
                }
                device.memory().compactor().wake();
            }
            for (int slot = 1; slot < SLOTS; slot++) {
                check(client, model, slot);
                trim(client, model, slot);
                check(client, model, slot);
            }
            device.statistics();
        }
    }

    private Thread newThread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setUncaughtExceptionHandler((dead, failure) -> deaths.add(failure));
        return thread;
    }

    private static void step(DeviceClient client, byte[][] model, int slot, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> trim(client, model, slot);
            case 1 -> check(client, model, slot);
            default -> write(client, model, slot, random);
        }
    }

    /** A write that is refused leaves an error behind. */
    private static void write(DeviceClient client, byte[][] model, int slot, Random random) {
        byte[] page = TestPages.any(random);
        model[slot] = client.write(slot, page) == NbdError.OK ? page : null;
    }

    private static void trim(DeviceClient client, byte[][] model, int slot) {
        assertThat(client.trim(slot, 1)).isEqualTo(NbdError.OK);
        model[slot] = new byte[PAGE];
    }

    private static void check(DeviceClient client, byte[][] model, int slot) {
        byte[] page = new byte[PAGE];
        int error = client.read(slot, page);
        assertThat(error == NbdError.EIO || (model[slot] != null && Arrays.equals(page, model[slot])))
                .as("slot %d: error %d", slot, error)
                .isTrue();
    }

    private static void flip(RamzswapDevice device, Where where, Random random) {
        Arena arena = device.memory().arena();
        SharedMemory memory = where == Where.TABLES ? device.memory().tables().memory() : arena.memory();
        long offset = switch (where) {
            case TABLES -> tableOffset(random);
            case RECORDS -> random.nextInt(RECORDS_END / Long.BYTES) * (long) Long.BYTES;
            case FRAME_WORDS -> arena.frameWordOffset(anyFrame(arena, random, -1));
            case CONTROL -> inFrame(arena, anyFrame(arena, random, FrameTag.CONTROL), random);
            case FRAMES -> inFrame(arena, anyFrame(arena, random, -1), random);
        };
        Damage.flipBit(memory, offset, random.nextInt(Long.SIZE));
    }

    private static long tableOffset(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(SLOTS) * 8L;
            case 1 -> SharedMemory.SLAB_BYTES + random.nextInt(SLOTS / 2) * 8L;
            default -> 2 * SharedMemory.SLAB_BYTES + random.nextInt(4096) * 8L;
        };
    }

    private static long anyFrame(Arena arena, Random random, int tag) {
        long from = random.nextInt((int) Math.min(arena.frameCount(), 1024));
        for (long frame = arena.nextInUse(from); frame != Arena.NONE; frame = arena.nextInUse(frame + 1)) {
            if (tag < 0 || arena.frameTag(frame) == tag) {
                return frame;
            }
        }
        return tag < 0 ? arena.nextInUse(0) : arena.root(0);
    }

    /** The first bytes of a frame are what it has of lists and headers: half of all flips hit them. */
    private static long inFrame(Arena arena, long frame, Random random) {
        int words = random.nextBoolean() ? 16 : Arena.FRAME_BYTES / Long.BYTES;
        return arena.frameOffset(frame) + random.nextInt(words) * (long) Long.BYTES;
    }
}

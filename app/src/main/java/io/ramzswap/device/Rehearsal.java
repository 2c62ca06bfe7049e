package io.ramzswap.device;

import static io.ramzswap.device.DeviceSettings.PAGE_SIZE;

import io.ramzswap.nbd.ExportSession;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.ThreadFactory;

/**
 * Takes pages of every kind along every way once, on a device that is thrown away. A class is read from its file when it
 * is first used, and that first use must not come when the kernel has no memory left but what it waits to get from us.
 */
final class Rehearsal {
    private static final DeviceSettings SETTINGS = new DeviceSettings(2 << 20, 1 << 20, true);
    private static final int SLOTS = SETTINGS.slots();
    private static final int ROUNDS = 20;

    private Rehearsal() {}

    /** Runs it; half a second or less. */
    static void run(ThreadFactory threads) throws DeviceException {
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE_SIZE);
        Random random = new Random(1);
        try (RamzswapDevice device = RamzswapDevice.make("rehearsal", SETTINGS, threads);
                ExportSession session = device.open()) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int slot = 0; slot < SLOTS; slot++) {
                    fill(page, random, slot);
                    long offset = (long) slot * PAGE_SIZE;
                    session.write(offset, PAGE_SIZE, page, 0);
                    session.extent(offset, PAGE_SIZE);
                    session.read(offset, PAGE_SIZE, page, 0);
                }
                session.trim(0, SETTINGS.diskSizeBytes() / 2);
                session.writeZeroes(0, SETTINGS.diskSizeBytes());
                session.flush();
                session.invalidRequest();
            }
        }
    }

    /** Zeroes, one word, compressible or not: more of it than the device can hold, so that it refuses, too. */
    private static void fill(ByteBuffer page, Random random, int slot) {
        long word = slot % 5 == 0 ? 0 : random.nextLong();
        for (int at = 0; at < PAGE_SIZE; at += Long.BYTES) {
            page.putLong(at, word);
            if ((slot % 5 == 2 && at < PAGE_SIZE / 2) || slot % 5 > 2) {
                word = random.nextLong();
            }
        }
    }
}

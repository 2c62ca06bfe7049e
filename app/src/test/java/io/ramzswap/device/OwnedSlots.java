package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.NbdError;
import java.util.Random;

/** The slots of a device that one thread of several writes, and what they hold as that thread knows it. */
@SuppressWarnings("ReferenceEquality") // REFUSED is a marker
final class OwnedSlots {
    /** What is held of a slot whose last write was refused: reading it is an error. */
    private static final byte[] REFUSED = {};

    private final DeviceClient client;
    private final int thread;
    private final int threads;
    private final Random random;
    private final byte[][] model;
    private long refusedWrites;
    private boolean mayFail;

    /** Every slot of a new device is empty. */
    OwnedSlots(DeviceClient client, int slots, int thread, int threads, Random random) {
        this.client = client;
        this.thread = thread;
        this.threads = threads;
        this.random = random;
        this.model = new byte[slots][PAGE];
    }

    /** Writes, reads and frees pages at random. */
    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            int slot = threads + random.nextInt(model.length / threads - 1) * threads + thread;
            int action = random.nextInt(12);
            if (action == 0) {
                client.trim(slot, 1);
                model[slot] = new byte[PAGE];
            } else if (action < 6) {
                write(slot);
            } else {
                read(slot);
            }
        }
    }

    private void write(int slot) {
        byte[] page = TestPages.any(random);
        boolean taken = client.write(slot, page) == NbdError.OK;
        model[slot] = taken ? page : REFUSED;
        refusedWrites += taken ? 0 : 1;
    }

    private void read(int slot) {
        byte[] read = new byte[PAGE];
        int error = client.read(slot, read);
        if (model[slot] == REFUSED) {
            assertThat(error)
                    .as("reading slot %d, whose write was refused", slot)
                    .isEqualTo(NbdError.EIO);
        } else if (error == NbdError.OK) {
            assertThat(read).as("slot %d", slot).isEqualTo(model[slot]);
        } else {
            assertThat(mayFail).as("reading slot %d failed", slot).isTrue();
        }
    }

    /** Whether a tier may fail to give a page back. */
    void setMayFail(boolean changed) {
        mayFail = changed;
    }

    /** Reads all of them. */
    void readAll() {
        for (int slot = threads + thread; slot < model.length; slot += threads) {
            read(slot);
        }
    }

    /** Frees all of them, as swapoff does. */
    void freeAll() {
        for (int slot = threads + thread; slot < model.length; slot += threads) {
            client.trim(slot, 1);
            model[slot] = new byte[PAGE];
        }
    }

    long refusedWrites() {
        return refusedWrites;
    }
}

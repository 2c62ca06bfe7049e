package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import java.nio.ByteBuffer;

/** A session with byte arrays instead of buffers. The payload lies at an odd place, as it does in a receive buffer. */
final class DeviceClient implements AutoCloseable {
    private static final int POSITION = 28;

    private final ExportSession session;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(POSITION + 64 * PAGE);

    DeviceClient(Export device) {
        this.session = device.open();
    }

    ExportSession session() {
        return session;
    }

    int write(int slot, byte[] pages) {
        buffer.put(POSITION, pages);
        return session.write((long) slot * PAGE, pages.length, buffer, POSITION);
    }

    int read(int slot, byte[] pages) {
        int error = session.read((long) slot * PAGE, pages.length, buffer, POSITION);
        buffer.get(POSITION, pages);
        return error;
    }

    byte[] read(int slot) {
        byte[] page = new byte[PAGE];
        int error = read(slot, page);
        if (error != NbdError.OK) {
            throw new AssertionError("reading slot " + slot + ": error " + error);
        }
        return page;
    }

    int trim(int slot, int slots) {
        return session.trim((long) slot * PAGE, (long) slots * PAGE);
    }

    @Override
    public void close() {
        session.close();
    }
}

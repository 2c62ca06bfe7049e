package io.ramzswap.notify;

import io.ramzswap.notify.trace.FormatFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** Records of a slot-freeing function's probe. */
final class SlotFreeRecords {
    static final int DEVICE = 43 << 20;
    static final int OTHER_DEVICE = 43 << 20 | 1;
    static final int BLOCK_DEVICE_FLAG = 1 << 6;
    static final int ID = 1392;
    static final int TYPE = 3;
    static final int BYTES = 44;

    static final FormatFile FORMAT = new FormatFile(
            ID,
            Map.of(
                    "common_type", new FormatFile.Field(0, 2),
                    "slot", new FormatFile.Field(16, 8),
                    "nr", new FormatFile.Field(24, 4),
                    "dev", new FormatFile.Field(28, 4),
                    "flags", new FormatFile.Field(32, 8),
                    "type", new FormatFile.Field(40, 1)));

    private SlotFreeRecords() {}

    static SlotFreeFunction function(SlotForm form) {
        return new SlotFreeFunction(
                "free",
                new SlotFreeFunction.Arguments(1, 0, 2, 3),
                form,
                new SwapInfo(0, 0, 0, 0, BLOCK_DEVICE_FLAG),
                SlotFreeFunction.NO_CLUSTERS);
    }

    static ByteBuffer record(long slot, int count) {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort(0, (short) ID)
                .putLong(16, slot)
                .putInt(24, count)
                .putInt(28, DEVICE)
                .putLong(32, BLOCK_DEVICE_FLAG | 3)
                .put(40, (byte) TYPE);
    }
}

package io.ramzswap.notify;

import io.ramzswap.notify.trace.EventSink;
import io.ramzswap.notify.trace.FormatFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * Reads the events of a {@link SlotFreeFunction}'s probe. What is not surely of our device is counted and left alone,
 * although the kernel has filtered them already.
 */
final class SlotFreeEvents implements EventSink {
    /** More slots than any kernel frees at once: a swap cluster has 512 at most, a huge page as many. */
    private static final int MOST_AT_ONCE = 1 << 16;

    /**
     * The trace clock may differ from the clock that all others read by some nanoseconds while the kernel adjusts both
     * (Documentation/trace/ftrace.rst, "mono"). A time that is earlier than true costs nothing but a page kept.
     */
    private static final long CLOCK_SLACK_NANOS = 1_000_000;

    /**
     * An event that is this late is left to TRIM. Stamps wrap after weeks, and a stamp from after the event must not look like
     * one from before it, however long we were stopped.
     */
    private static final long MOST_LATE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final int device;
    private final FirstSlot firstSlot;
    private final int blockDeviceFlag;
    private final int id;
    private final int idAt;
    private final int countAt;
    private final int deviceAt;
    private final int flagsAt;
    private final int bytes;

    private Receiver receiver;
    private long events;
    private long foreign;
    private long untimely;

    /**
     * A reader of a probe's events.
     *
     * @param device our device's number
     * @throws IOException if the probe's format is not what was asked of the kernel
     */
    SlotFreeEvents(SlotFreeFunction function, int device, FormatFile format, Receiver receiver) throws IOException {
        this.device = device;
        this.firstSlot = new FirstSlot(function, format);
        this.blockDeviceFlag = function.info().blockDeviceFlag();
        this.receiver = receiver;
        id = format.id();
        idAt = format.offset("common_type", Short.BYTES);
        countAt = format.offset("nr", Integer.BYTES);
        deviceAt = format.offset("dev", Integer.BYTES);
        flagsAt = format.offset("flags", Long.BYTES);
        bytes = format.fields().values().stream()
                .mapToInt(field -> field.offset() + field.size())
                .max()
                .orElseThrow();
    }

    /** From now on somebody else is told. */
    void tell(Receiver newReceiver) {
        receiver = newReceiver;
    }

    @Override
    public void event(ByteBuffer record, int position, int length, long time) {
        if (length < bytes || (record.getShort(position + idAt) & 0xffff) != id) {
            return;
        }
        int count = record.getInt(position + countAt);
        long slot = firstSlot.read(record, position, count);
        if (record.getInt(position + deviceAt) != device
                || (record.getLong(position + flagsAt) & blockDeviceFlag) == 0
                || slot == FirstSlot.NONE
                || count <= 0
                || count > MOST_AT_ONCE) {
            foreign++;
            return;
        }
        // An event from the future is nonsense: it could take a page that is alive.
        long late = System.nanoTime() - time;
        if (late < -CLOCK_SLACK_NANOS || late > MOST_LATE_NANOS) {
            untimely++;
            return;
        }
        events++;
        receiver.freed(slot, count, time - CLOCK_SLACK_NANOS);
    }

    /** Events of our device. */
    long events() {
        return events;
    }

    /** Events of our device that were too late, or from the future. */
    long untimely() {
        return untimely;
    }

    /** Events of the probe that are not of our device, or make no sense. */
    long foreign() {
        return foreign;
    }

    /** Is told of freed slots of one device. */
    interface Receiver {
        /**
         * The kernel freed {@code count} slots from {@code slot} on.
         *
         * @param nanoTime not later than it did, on the clock of {@link System#nanoTime}
         */
        void freed(long slot, int count, long nanoTime);
    }
}

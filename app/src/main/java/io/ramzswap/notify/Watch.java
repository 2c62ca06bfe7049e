package io.ramzswap.notify;

import io.ramzswap.libc.Libc;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.notify.btf.Btf;
import io.ramzswap.notify.trace.FormatFile;
import io.ramzswap.notify.trace.ProbeInstance;
import io.ramzswap.notify.trace.RawPipes;
import io.ramzswap.notify.trace.SubBufferLayout;
import io.ramzswap.notify.trace.TraceFs;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A probe of the slot-freeing function, set up and ready to be read. For one thread. */
final class Watch implements AutoCloseable {
    /** The kernel's memory for a device's events, on all processors together, and the least for each. */
    private static final int TOTAL_BUFFER_KIB = 2048;

    private static final int LEAST_BUFFER_KIB = 64;
    private static final int MOST_SUB_BUFFERS = 64;
    private static final long CLOCK_TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SlotFreeFunction function;
    private final ProbeInstance instance;
    private final RawPipes pipes;
    private final SlotFreeEvents events;
    private final int bufferKib;

    private Watch(
            SlotFreeFunction function, ProbeInstance instance, RawPipes pipes, SlotFreeEvents events, int bufferKib) {
        this.function = function;
        this.instance = instance;
        this.pipes = pipes;
        this.events = events;
        this.bufferKib = bufferKib;
    }

    /**
     * Sets the probe, but does not enable it.
     *
     * @throws IOException if this kernel cannot be watched; nothing is left behind
     */
    static Watch set(NotifierSettings settings, Libc libc, SlotFreeEvents.Receiver receiver) throws IOException {
        SlotFreeFunction function = choose(settings);
        int processors = Runtime.getRuntime().availableProcessors();
        int bufferKib = Math.max(LEAST_BUFFER_KIB, TOTAL_BUFFER_KIB / processors);
        ProbeInstance instance = ProbeInstance.create(
                TraceFs.locate(libc),
                settings.name(),
                new ProbeInstance.Probe(
                        function.name(),
                        function.fetchArguments(settings.swaps().read().size()),
                        function.filter(settings.deviceNumber())),
                bufferKib);
        try (Undo undo = new Undo()) {
            undo.with(instance, ProbeInstance::close);
            SubBufferLayout layout = instance.layout();
            SlotFreeEvents events = new SlotFreeEvents(function, settings.deviceNumber(), instance.format(), receiver);
            RawPipes pipes = undo.with(new RawPipes(libc, instance.pipes(), layout), RawPipes::close);
            Watch watch = new Watch(function, instance, pipes, events, bufferKib * processors);
            watch.requireClock();
            return undo.done(watch);
        }
    }

    private static SlotFreeFunction choose(NotifierSettings settings) throws IOException {
        Set<String> symbols = SlotFreeFunction.symbols(settings.candidates());
        try (Btf btf = Btf.open(settings.btf(), SlotFreeFunction.names(settings.candidates()))) {
            return SlotFreeFunction.choose(btf, KernelSymbols.read(settings.symbols(), symbols), settings.candidates());
        }
    }

    /** The trace clock must be System.nanoTime's: a mark written between two readings must bear a time between them. */
    private void requireClock() throws IOException {
        FormatFile markFormat = instance.markFormat();
        int idAt = markFormat.offset("common_type", Short.BYTES);
        long[] times = {0, 0};
        long before = System.nanoTime();
        instance.mark("ramzswap");
        long after = System.nanoTime();
        pipes.drain(
                (record, position, length, time) -> {
                    if ((record.getShort(position + idAt) & 0xffff) == markFormat.id()) {
                        times[0]++;
                        times[1] = time;
                    }
                },
                MOST_SUB_BUFFERS);
        if (times[0] != 1 || times[1] - before < -CLOCK_TOLERANCE_NANOS || times[1] - after > CLOCK_TOLERANCE_NANOS) {
            pipes.close();
            throw new IOException("the trace clock is not ours: " + times[0] + " marks, at " + times[1]
                    + ", written between " + before + " and " + after);
        }
    }

    String functionName() {
        return function.name();
    }

    SlotFreeEvents events() {
        return events;
    }

    /** The kernel's memory for events. */
    long bufferBytes() {
        return (long) bufferKib << 10;
    }

    void enable(boolean enabled) throws IOException {
        instance.enable(enabled);
    }

    /** Returns when the buffers fill up, and when the time is over. */
    void await(int timeoutMillis) {
        pipes.await(timeoutMillis);
    }

    /** Reads what is there. */
    void read() {
        pipes.drain(events, MOST_SUB_BUFFERS);
    }

    /** Events lost since last asked. */
    long takeMissed() {
        return pipes.takeMissed();
    }

    @Override
    public void close() throws IOException {
        pipes.close();
        instance.close();
    }
}

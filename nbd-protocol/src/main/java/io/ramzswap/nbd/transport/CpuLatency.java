package io.ramzswap.nbd.transport;

import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What Linux is asked for while requests follow one another closely: that an idle processor takes no longer than so many
 * microseconds to wake. Each request that is alone on its way wakes two, and where processors are virtual, a wake-up takes
 * longer than a page.
 *
 * <p>It holds for all processors, and costs power as long as at least one connection wants it.
 *
 * <p>Thread-safe. To want it and to let it go allocates nothing, and waits neither for memory nor for another thread's work. Source:
 * Linux Documentation/power/pm_qos_interface.rst: an open {@code /dev/cpu_dma_latency} is a request, and what is written to
 * it, 32 bits in the machine's byte order, is how long; -1 is as long as it likes.
 */
public final class CpuLatency implements AutoCloseable {
    /** Asks for nothing. */
    public static final CpuLatency ANY = new CpuLatency(Libc.system(), -1, -1);

    /** Where Linux is asked. */
    public static final Path DEVICE = Path.of("/dev/cpu_dma_latency");

    private static final int NO_LIMIT = -1;

    private final Libc libc;
    private final int fd;
    private final ByteBuffer values =
            ByteBuffer.allocateDirect(2 * Integer.BYTES).order(ByteOrder.nativeOrder());
    private final long wantedAddress = Libc.address(values);
    private final long noLimitAddress = wantedAddress + Integer.BYTES;
    private final AtomicInteger wanting = new AtomicInteger();
    private final AtomicLong asked = new AtomicLong();

    private CpuLatency(Libc libc, int fd, int micros) {
        this.libc = libc;
        this.fd = fd;
        values.putInt(0, micros).putInt(Integer.BYTES, NO_LIMIT);
    }

    /**
     * Opens a request, which nobody wants yet.
     *
     * @param device {@link #DEVICE}
     * @param micros 0 has idle processors do nothing but look for work
     * @throws LibcException when this process may not, or there is no such device
     */
    public static CpuLatency open(Path device, int micros) throws LibcException {
        if (micros < 0) {
            throw new IllegalArgumentException("a latency is not negative: " + micros);
        }
        final Libc libc = Libc.system();
        final int fd = libc.open(device.toString(), Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw LibcException.of(libc, device.toString());
        }
        return new CpuLatency(libc, fd, micros);
    }

    /** How long processors may take to wake while somebody wants that; empty where nothing is asked for. */
    public OptionalInt micros() {
        return isAny() ? OptionalInt.empty() : OptionalInt.of(values.getInt(0));
    }

    /** How many times it was asked for. */
    public long timesAsked() {
        return asked.get();
    }

    /** Whether nothing is asked for, whoever wants it. */
    boolean isAny() {
        return fd < 0;
    }

    /** Wants it, until {@link #letGo}. */
    void want() {
        if (wanting.getAndIncrement() == 0) {
            tell();
        }
    }

    /** Ends one {@link #want}. */
    void letGo() {
        if (wanting.decrementAndGet() == 0) {
            tell();
        }
    }

    /** Whoever tells last has seen what then holds: another who changed it meanwhile tells after that. */
    private void tell() {
        boolean wanted;
        do {
            wanted = wanting.get() > 0;
            if (wanted) {
                asked.incrementAndGet();
            }
            libc.write(fd, wanted ? wantedAddress : noLimitAddress, Integer.BYTES);
        } while (wanted != wanting.get() > 0);
    }

    /** Takes the request back. Nobody may want it any more. */
    @Override
    public void close() {
        if (!isAny()) {
            libc.close(fd);
        }
    }
}

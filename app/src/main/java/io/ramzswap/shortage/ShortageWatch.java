package io.ramzswap.shortage;

import io.ramzswap.nbd.closing.ThreadEnd;
import io.ramzswap.nbd.closing.Undo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second whether the host stands still because there is neither memory nor room in the devices, and calls the
 * kernel's out-of-memory killer when it does: writes were refused in most of the last ten seconds, less than a twentieth of memory
 * is available, and no other swap area has room. What was ended gets as long to give its memory back before another call.
 */
public final class ShortageWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShortageWatch.class);

    private final HostMemoryState memory;
    private final OutOfMemoryKiller killer;
    private final ThreadFactory threads;
    private Optional<Thread> thread = Optional.empty();

    /** The daemon's devices that the kernel may swap to. Its methods do not wait for operations on devices. */
    public interface Devices {
        /** Returns the number of writes refused so far. */
        long refusedWrites();

        /** Whether {@code name} is one of them. */
        boolean isServed(String name);
    }

    private ShortageWatch(HostMemoryState memory, OutOfMemoryKiller killer, ThreadFactory threads) {
        this.memory = memory;
        this.killer = killer;
        this.threads = threads;
    }

    /**
     * Opens what it needs.
     *
     * @param proc where procfs is
     * @param threads makes the watching thread, which must get through when memory is short, like those that serve
     * @return nothing if the host does not allow it, after saying so in the log
     */
    public static Optional<ShortageWatch> open(Path proc, ThreadFactory threads) {
        try (Undo undo = new Undo()) {
            HostMemoryState memory = undo.with(HostMemoryState.open(proc), HostMemoryState::close);
            return Optional.of(undo.done(new ShortageWatch(memory, OutOfMemoryKiller.open(proc), threads)));
        } catch (IOException e) {
            LOG.warn(
                    "a host that has neither memory nor room for pages may stand still for good: the out-of-memory killer"
                            + " cannot be called: {}; run the daemon as root, with {} writable",
                    e.getMessage(),
                    proc.resolve("sysrq-trigger"));
            return Optional.empty();
        }
    }

    /** Begins to watch. */
    public synchronized void begin(Devices devices) {
        Thread watching = threads.newThread(() -> watch(devices));
        watching.setName("shortage");
        watching.setDaemon(true);
        watching.start();
        thread = Optional.of(watching);
    }

    private void watch(Devices devices) {
        Look look = look(devices);
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                look.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs once a second. */
    Look look(Devices devices) {
        return new Look(devices);
    }

    /** A series of looks. */
    final class Look {
        private final Devices devices;
        private final Standstill standstill;

        private Look(Devices devices) {
            this.devices = devices;
            this.standstill = new Standstill(devices.refusedWrites());
        }

        void take() {
            long refused = devices.refusedWrites();
            try {
                if (standstill.look(refused) && memory.isAtItsEnd(devices::isServed)) {
                    standstill.reset();
                    killer.call();
                    LOG.error(
                            "no memory, and no room for pages: writes have been refused for some {} s, {} in all; had the"
                                    + " kernel end a program, see its log",
                            Standstill.LOOKS,
                            refused);
                }
            } catch (IOException | RuntimeException | Error e) {
                // An error, too: this thread is the only way out.
                LOG.error("a host that stands still could not be helped: {}", e.toString());
            }
        }
    }

    /** Watches no longer. */
    @Override
    public synchronized void close() {
        thread.ifPresent(watching -> {
            watching.interrupt();
            ThreadEnd.await(watching);
        });
        thread = Optional.empty();
        try {
            memory.close();
            killer.close();
        } catch (IOException e) {
            LOG.warn("a file of procfs could not be closed: {}", e.getMessage());
        }
    }
}

package io.ramzswap.daemon;

import io.ramzswap.process.ServiceManager;
import io.ramzswap.refusal.OperationException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the service manager told, if there is one. Where it watches, it hears a sign of life each time every device has just
 * answered a read of our own: a daemon that is idle answers; with one that stalls, the watching thread waits, and no sign comes.
 */
final class Supervision {
    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);

    /** Some of them may be late, or lost. */
    private static final int SIGNS_A_TIMEOUT = 4;

    private final DeviceRegistry devices;
    private final Optional<ServiceManager> manager;
    private final ThreadFactory threads;
    private Optional<Thread> watchdog = Optional.empty();

    /** What is told to a service manager. */
    @FunctionalInterface
    private interface News {
        void tell(ServiceManager manager) throws IOException;
    }

    /** {@code threads} makes the watching thread, which has to get through when memory is short, as those that serve. */
    Supervision(DeviceRegistry devices, Optional<ServiceManager> manager, ThreadFactory threads) {
        this.devices = devices;
        this.manager = manager;
        this.threads = threads;
    }

    /** The daemon serves from now on. */
    void begin() {
        tell(ServiceManager::ready);
        watchdog = manager.flatMap(ServiceManager::watchdogTimeout).map(this::watch);
    }

    /** The daemon stops. */
    void end() {
        watchdog.ifPresent(Thread::interrupt);
        tell(ServiceManager::stopping);
    }

    private Thread watch(Duration timeout) {
        long pauseMillis = Math.max(1, timeout.toMillis() / SIGNS_A_TIMEOUT);
        Thread thread = threads.newThread(() -> watch(pauseMillis));
        thread.setName("watchdog");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void watch(long pauseMillis) {
        try {
            while (true) {
                look();
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            devices.probe();
            tell(ServiceManager::alive);
        } catch (OperationException | RuntimeException | Error e) {
            // An error, too: without this thread the manager would hear nothing any more, and take the service for
            // dead.
            LOG.error("No sign of life for the service manager: {}", e.toString());
        }
    }

    private void tell(News news) {
        if (manager.isPresent()) {
            try {
                news.tell(manager.get());
            } catch (IOException e) {
                LOG.warn("The service manager could not be told how the daemon is: {}", e.getMessage());
            }
        }
    }
}

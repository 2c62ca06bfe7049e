package io.ramzswap.daemon;

import io.ramzswap.doctor.DeviceAilment;
import io.ramzswap.doctor.Observation;
import io.ramzswap.doctor.Severity;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when a device begins to ail, and when that has ended: a line each. It looks at counters now and then, on a
 * thread of its own, because the threads that serve pages log nothing. An ailment has ended when it was not seen for
 * {@link #QUIET_LOOKS} looks, so each one causes two lines a minute at most, however fast it comes and goes.
 */
final class DeviceWatch {
    /** Looks without an ailment until it has ended. */
    static final int QUIET_LOOKS = 12;

    private static final Logger LOG = LoggerFactory.getLogger(DeviceWatch.class);
    private static final int PAUSE_SECONDS = 5;

    private final DeviceRegistry devices;
    private final ThreadFactory threads;
    private final Map<String, Map<DeviceAilment, Course>> courses = new HashMap<>();
    private Optional<Thread> watching = Optional.empty();

    /** {@code threads} makes the thread that looks, which has to get through when memory is short. */
    DeviceWatch(DeviceRegistry devices, ThreadFactory threads) {
        this.devices = devices;
        this.threads = threads;
    }

    /** Watches from now on. */
    void begin() {
        Thread thread = threads.newThread(this::watch);
        thread.setName("device-watch");
        thread.setDaemon(true);
        thread.start();
        watching = Optional.of(thread);
    }

    /** Watches no more. */
    void end() {
        watching.ifPresent(Thread::interrupt);
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once, and says what has begun or ended since the last look. For one thread at a time. */
    void look() {
        try {
            List<Observation> seen = devices.observe();
            courses.keySet()
                    .retainAll(seen.stream()
                            .map(observation -> observation.device().name())
                            .toList());
            seen.forEach(this::look);
        } catch (RuntimeException | Error e) {
            // An error, too: without this thread the log would be silent about all that comes after it.
            LOG.error("The devices could not be looked at: {}", e.toString());
        }
    }

    private void look(Observation seen) {
        Map<DeviceAilment, Course> ofDevice =
                courses.computeIfAbsent(seen.device().name(), name -> new EnumMap<>(DeviceAilment.class));
        for (DeviceAilment ailment : DeviceAilment.values()) {
            ofDevice.computeIfAbsent(ailment, Course::new).look(seen);
        }
    }

    /** What is known of one ailment of one device. */
    private static final class Course {
        private final DeviceAilment ailment;
        private long lastCount;
        private boolean ailing;
        private int quietLooks;
        /** What was said last, for there may be no words for it when it has ended. */
        private String words = "";

        Course(DeviceAilment ailment) {
            this.ailment = ailment;
        }

        void look(Observation seen) {
            long count = ailment.count(seen);
            boolean now = ailment.isState() ? count > 0 : count > lastCount;
            lastCount = count;
            if (now) {
                quietLooks = 0;
                words = ailment.words(seen);
                if (!ailing) {
                    ailing = true;
                    begun(seen.device().name());
                }
            } else if (ailing && ++quietLooks >= QUIET_LOOKS) {
                ailing = false;
                LOG.info(
                        "{}: over, not seen for {} seconds: {}",
                        seen.device().name(),
                        QUIET_LOOKS * PAUSE_SECONDS,
                        words);
            }
        }

        private void begun(String device) {
            if (ailment.severity() == Severity.ERROR) {
                LOG.error("{}: {}", device, words);
            } else if (ailment.severity() == Severity.WARNING) {
                LOG.warn("{}: {}", device, words);
            } else {
                LOG.info("{}: {}", device, words);
            }
        }
    }
}

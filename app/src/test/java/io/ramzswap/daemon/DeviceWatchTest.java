package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ramzswap.attach.FakePoint;
import io.ramzswap.backing.BackingStatistics;
import io.ramzswap.backing.TierStatistics;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.device.Figures;
import io.ramzswap.refusal.OperationException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeviceWatchTest {
    private static final String DEVICE = "/dev/nbd0";
    private static final String REFUSED =
            ": pages were refused, because there was no memory for them; the kernel keeps such"
                    + " pages and tries again, and the machine crawls";
    private static final String UNWRITABLE =
            "its backing swap /dev/sda2 refuses pages (18 of 16 writes failed): only memory takes them now";

    private final FakeStores stores = new FakeStores();
    private final DeviceRegistry devices =
            new DeviceRegistry(name -> new FakePoint(DEVICE), stores, new SettingsPolicy(1 << 30));
    private final DeviceWatch watch = new DeviceWatch(devices, Thread::new);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(DeviceWatch.class);

    @BeforeEach
    void begin() throws OperationException {
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        devices.init(DEVICE);
        stores.changing(figures -> well(figures, 0));
    }

    @AfterEach
    void end() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void shouldSayNothingOfADeviceThatDoesWell() {
        look(3 * DeviceWatch.QUIET_LOOKS);

        assertThat(lines()).isEmpty();
    }

    @Test
    void shouldSayOnceThatWritesAreRefusedHoweverLongItLasts() {
        for (int refused = 1; refused <= 100; refused++) {
            long count = refused;
            stores.changing(figures -> well(figures, count));
            look(1);
        }

        assertThat(lines()).containsExactly("WARN " + DEVICE + ": FailedWrites is 1" + REFUSED);
    }

    @Test
    void shouldSayThatItIsOverOnceItHasNotBeenSeenForAWhile() {
        stores.changing(figures -> well(figures, 7));
        look(1);
        stores.changing(figures -> well(figures, 9));
        look(DeviceWatch.QUIET_LOOKS);
        assertThat(lines()).containsExactly("WARN " + DEVICE + ": FailedWrites is 7" + REFUSED);

        look(1);
        look(DeviceWatch.QUIET_LOOKS);

        assertThat(lines())
                .containsExactly(
                        "WARN " + DEVICE + ": FailedWrites is 7" + REFUSED,
                        "INFO " + DEVICE + ": over, not seen for 60 seconds: FailedWrites is 9" + REFUSED);
    }

    @Test
    void shouldTakeWhatComesAndGoesForOneAilment() {
        for (int round = 0; round < 50; round++) {
            stores.changing(figures -> Figures.with(well(figures, 0), "backing", backing("unwritable")));
            look(1);
            stores.changing(figures -> Figures.with(well(figures, 0), "backing", backing("healthy")));
            look(DeviceWatch.QUIET_LOOKS - 1);
        }

        assertThat(lines()).containsExactly("WARN " + DEVICE + ": " + UNWRITABLE);
    }

    @Test
    void shouldBeginAnewWithADeviceThatWasReset() throws OperationException {
        stores.changing(figures -> well(figures, 7));
        look(1);
        devices.reset(DEVICE);
        look(1);
        devices.init(DEVICE);
        stores.changing(figures -> well(figures, 2));
        look(1);

        assertThat(lines())
                .containsExactly(
                        "WARN " + DEVICE + ": FailedWrites is 7" + REFUSED,
                        "WARN " + DEVICE + ": FailedWrites is 2" + REFUSED);
    }

    @Test
    void shouldGoOnAfterAnError() {
        stores.changing(figures -> {
            throw new OutOfMemoryError("the test says so");
        });
        look(1);
        stores.changing(figures -> well(figures, 7));
        look(1);

        assertThat(lines())
                .containsExactly(
                        "ERROR The devices could not be looked at: java.lang.OutOfMemoryError: the test says so",
                        "WARN " + DEVICE + ": FailedWrites is 7" + REFUSED);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            watch.look();
        }
    }

    private List<String> lines() {
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    private static DeviceStatistics well(DeviceStatistics figures, long refused) {
        return Figures.with(Figures.with(figures, "failedReads", 0L), "failedWrites", refused);
    }

    private static BackingStatistics backing(String state) {
        return new BackingStatistics("/dev/sda2", state, 15, 16, 17, 18, 19, 20, TierStatistics.NONE);
    }
}

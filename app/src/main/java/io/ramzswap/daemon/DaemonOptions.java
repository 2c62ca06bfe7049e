package io.ramzswap.daemon;

import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.config.Configuration;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.HibernationMode;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DaemonCatalogue;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a daemon is started.
 *
 * @param listen where and how it serves devices to NBD clients from the start, if it does
 * @param control its control socket, if it has one
 * @param device the settings of each listening device; a default where one is absent
 * @param daemon the settings of {@link DaemonCatalogue}; a default where one is absent
 * @param configuration the devices of the kernel that it makes swap, if it is to make any
 */
public record DaemonOptions(
        Optional<ListenOptions> listen,
        Optional<Path> control,
        SettingValues device,
        SettingValues daemon,
        Optional<Configuration.Source> configuration) {
    /** The way in which the kernel's devices learn of freed slots. */
    public NotifyMode notifyMode() {
        return daemon.orDefault(DaemonCatalogue.NOTIFY);
    }

    /** The longest wake-up latency of idle CPUs while requests follow one another closely. */
    public CpuLatencySetting cpuLatency() {
        return daemon.orDefault(DaemonCatalogue.CPU_LATENCY);
    }

    /** The fate of a hibernation while it serves the kernel. */
    public HibernationMode hibernation() {
        return daemon.orDefault(DaemonCatalogue.HIBERNATION);
    }
}

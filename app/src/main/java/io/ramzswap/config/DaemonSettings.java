package io.ramzswap.config;

import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.HibernationMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What holds for all devices; a default where absent.
 *
 * @param notifyMode how they learn of slots that the kernel has freed
 * @param cpuLatency how long idle processors may take to wake while requests follow one another closely
 * @param hibernation what becomes of a hibernation while the daemon serves the kernel
 */
public record DaemonSettings(
        Optional<NotifyMode> notifyMode,
        Optional<CpuLatencySetting> cpuLatency,
        Optional<HibernationMode> hibernation) {
    /** Nobody has chosen anything. */
    public static final DaemonSettings DEFAULT =
            new DaemonSettings(Optional.empty(), Optional.empty(), Optional.empty());

    /** The keys of those that are not the same in {@code other}. */
    public List<String> differences(DaemonSettings other) {
        List<String> keys = new ArrayList<>();
        if (!notifyMode.equals(other.notifyMode)) {
            keys.add(DaemonSection.NOTIFY);
        }
        if (!cpuLatency.equals(other.cpuLatency)) {
            keys.add(DaemonSection.CPU_LATENCY);
        }
        if (!hibernation.equals(other.hibernation)) {
            keys.add(DaemonSection.HIBERNATION);
        }
        return keys;
    }
}

package io.ramzswap.top;

import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.host.Host;
import io.ramzswap.host.MemInfo;
import io.ramzswap.process.ProcessStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Everything that is shown, at one moment.
 *
 * @param nanos the moment, by {@link System#nanoTime}
 * @param devices initialised ones, in the order of their names
 * @param latencies by device, where known
 * @param daemonBytes what the daemon takes beside the store
 * @param memory the host's
 */
public record Moment(
        long nanos, List<DeviceReport> devices, Map<String, Latency> latencies, long daemonBytes, Memory memory) {
    private static final Pattern PRESSURE = Pattern.compile("(some|full) avg10=([0-9.]+) .*");

    /**
     * The host's memory.
     *
     * @param some share of the last ten seconds in which a task waited for memory, in per cent
     * @param full the same of all tasks
     */
    record Memory(OptionalLong totalBytes, OptionalLong availableBytes, Optional<String> some, Optional<String> full) {}

    /** Now, on {@code host}. */
    public static Moment now(Host host, List<DeviceReport> devices, ProcessStatistics daemon) {
        Map<String, Latency> latencies = devices.stream()
                .map(DeviceReport::name)
                .filter(name -> Latency.of(host, name).isPresent())
                .collect(Collectors.toMap(
                        Function.identity(), name -> Latency.of(host, name).orElseThrow()));
        Memory memory = new Memory(
                host.memoryBytes(MemInfo.TOTAL),
                host.memoryBytes(MemInfo.AVAILABLE),
                pressure(host, "some"),
                pressure(host, "full"));
        return new Moment(System.nanoTime(), List.copyOf(devices), latencies, daemon.ownBytes(), memory);
    }

    /** Source: the kernel's accounting/psi.rst. Not every kernel has it. */
    private static Optional<String> pressure(Host host, String kind) {
        return host.lines("/proc/pressure/memory").stream()
                .map(PRESSURE::matcher)
                .filter(line -> line.matches() && line.group(1).equals(kind))
                .map(line -> line.group(2))
                .findFirst();
    }

    /** The figures of that device, if it was there. */
    Optional<DeviceStatistics> statistics(String device) {
        return devices.stream()
                .filter(report -> report.name().equals(device))
                .map(DeviceReport::statistics)
                .findFirst();
    }
}

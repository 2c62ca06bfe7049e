package io.ramzswap.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.process.CpuLatencyStatistics;
import io.ramzswap.process.ProcessStatistics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the daemon whenever somebody asks for the metrics. A daemon that does not answer is a metric too: {@code ramzswap_up}.
 * Thread-safe if its source is.
 */
public final class Metrics implements MultiCollector {
    private static final String DEVICE = "device";
    private static final double MICROS_PER_SECOND = 1e6;

    private final Supplier<Optional<Reading>> source;

    /** From what {@code source} gives; it gives nothing when the daemon does not answer. */
    public Metrics(Supplier<Optional<Reading>> source) {
        this.source = source;
    }

    /** In Prometheus' text format. */
    public byte[] text() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(text, collect(), EscapingScheme.DEFAULT);
        return text.toByteArray();
    }

    @Override
    public MetricSnapshots collect() {
        Optional<Reading> reading = source.get();
        List<MetricSnapshot> snapshots = new ArrayList<>();
        snapshots.add(gauge("ramzswap_up", "Whether the daemon answered.", reading.isPresent() ? 1 : 0));
        reading.ifPresent(answer -> addAll(answer, snapshots));
        return new MetricSnapshots(snapshots);
    }

    private static void addAll(Reading reading, List<MetricSnapshot> snapshots) {
        for (DaemonMetric metric : DaemonMetric.values()) {
            snapshots.add(metric.isCounter() ? counter(metric, reading.process()) : gauge(metric, reading.process()));
        }
        CpuLatencyStatistics latency = reading.process().cpuLatency();
        if (latency.micros() != CpuLatencyStatistics.NO_LIMIT) {
            snapshots.add(latency(latency.micros()));
        }
        if (reading.devices().isEmpty()) {
            return;
        }
        snapshots.add(info(reading.devices()));
        for (DeviceMetric metric : DeviceMetric.values()) {
            snapshots.add(metric.isCounter() ? counter(metric, reading.devices()) : gauge(metric, reading.devices()));
        }
        List<DeviceReport> limited = reading.devices().stream()
                .filter(device -> device.statistics().memLimitBytes() != 0)
                .toList();
        if (!limited.isEmpty()) {
            snapshots.add(limit(limited));
        }
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static MetricSnapshot gauge(DaemonMetric metric, ProcessStatistics process) {
        return gauge(metric.baseName(), metric.help(), metric.value(process));
    }

    private static MetricSnapshot counter(DaemonMetric metric, ProcessStatistics process) {
        return CounterSnapshot.builder()
                .name(metric.baseName())
                .help(metric.help())
                .dataPoint(CounterDataPointSnapshot.builder()
                        .value(metric.value(process))
                        .build())
                .build();
    }

    /** Where nothing is asked for there is no such metric, rather than one that is 0, which is the shortest time. */
    private static MetricSnapshot latency(int micros) {
        return gauge(
                "ramzswap_daemon_cpu_latency_seconds",
                "How long idle processors may take to wake while requests follow one another closely.",
                micros / MICROS_PER_SECOND);
    }

    private static MetricSnapshot info(List<DeviceReport> devices) {
        InfoSnapshot.Builder info =
                InfoSnapshot.builder().name("ramzswap_device").help("What the device is.");
        for (DeviceReport device : devices) {
            info.dataPoint(InfoDataPointSnapshot.builder()
                    .labels(Labels.of(
                            DEVICE, device.name(), "allocator", device.allocator(), "compressor", device.compressor()))
                    .build());
        }
        return info.build();
    }

    private static MetricSnapshot gauge(DeviceMetric metric, List<DeviceReport> devices) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(metric.baseName()).help(metric.help());
        devices.forEach(device -> gauge.dataPoint(point(device, metric.value(device.statistics()))));
        return gauge.build();
    }

    /** A device without a limit of its own has no such metric, rather than one that is 0. */
    private static MetricSnapshot limit(List<DeviceReport> devices) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("ramzswap_device_memory_limit_bytes")
                .help("Limit on memory used that a person gave or, with a backing swap, the default one.");
        devices.forEach(device ->
                gauge.dataPoint(point(device, (double) device.statistics().memLimitBytes())));
        return gauge.build();
    }

    private static GaugeDataPointSnapshot point(DeviceReport device, double value) {
        return GaugeDataPointSnapshot.builder()
                .labels(Labels.of(DEVICE, device.name()))
                .value(value)
                .build();
    }

    private static MetricSnapshot counter(DeviceMetric metric, List<DeviceReport> devices) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name(metric.baseName()).help(metric.help());
        for (DeviceReport device : devices) {
            counter.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(Labels.of(DEVICE, device.name()))
                    .value(metric.value(device.statistics()))
                    .build());
        }
        return counter.build();
    }
}

package io.ramzswap.cli;

import io.ramzswap.device.DeviceReport;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.process.ProcessStatistics;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Prints the statistics of one device or all, for people or for programs. */
@Command(
        name = "stats",
        description = "Prints the statistics of a device, or of all.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class StatsCommand implements Callable<Integer> {
    @ParentCommand
    private RzscontrolCommand rzscontrol;

    @Parameters(
            paramLabel = "DEVICE",
            arity = "0..1",
            converter = DeviceName.Converter.class,
            description = "The device. Default: all that are initialised.")
    private String device;

    @Option(
            names = {"-J", "--json"},
            description = "Print JSON, with what the daemon takes for itself; docs/monitoring.md has the members.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** What the kernel says is there by device, for those that are the kernel's. */
    private record Answer(List<DeviceReport> devices, Map<String, SwapStatistics> kernels, ProcessStatistics process) {}

    @Override
    public Integer call() throws FailureException {
        Answer answer = DaemonLink.open(rzscontrol.control(), spec.commandLine().getErr(), this::ask);
        spec.commandLine().getOut().print(json ? StatisticsJson.of(answer.devices(), answer.process()) : text(answer));
        return ExitStatus.OK;
    }

    private Answer ask(DaemonLink daemon) throws IOException, FailureException {
        List<DeviceReport> devices = daemon.devices();
        ProcessStatistics process = daemon.process();
        if (device == null) {
            return new Answer(devices, kernels(daemon, devices), process);
        }
        List<DeviceReport> named = devices.stream()
                .filter(report -> report.name().equals(device) || report.name().equals(target(device)))
                .toList();
        if (named.isEmpty()) {
            // The daemon knows why: there is no such device, or it is not initialised.
            daemon.statistics(device);
            throw new FailureException(
                    Refusal.NO_DEVICE.exitStatus(),
                    "there is no device " + device + "; rzscontrol list shows those there are");
        }
        return new Answer(named, kernels(daemon, named), process);
    }

    private static Map<String, SwapStatistics> kernels(DaemonLink daemon, List<DeviceReport> devices)
            throws IOException, FailureException {
        Map<String, SwapStatistics> kernels = new HashMap<>();
        for (DeviceReport device : devices) {
            daemon.swap(device.name()).ifPresent(swap -> kernels.put(device.name(), swap));
        }
        return kernels;
    }

    /** Where a symbolic link leads; a name that leads nowhere stays as it is. */
    private static String target(String name) {
        try {
            return Path.of(name).toRealPath().toString();
        } catch (IOException | InvalidPathException e) {
            return name;
        }
    }

    private String text(Answer answer) {
        return answer.devices().stream()
                .map(report -> heading(report) + body(report, answer))
                .collect(Collectors.joining("\n"));
    }

    private String heading(DeviceReport report) {
        return device == null ? report.name() + ":\n" : "";
    }

    private String body(DeviceReport report, Answer answer) {
        String text = StatisticsReport.of(report.statistics());
        if (!rzscontrol.verbose()) {
            return text;
        }
        Optional<SwapStatistics> swap = Optional.ofNullable(answer.kernels().get(report.name()));
        return text + StatisticsReport.more(report.statistics(), swap, answer.process());
    }
}

package io.ramzswap.cli;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.attach.OperationException;
import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.config.ConfigException;
import io.ramzswap.config.Configuration;
import io.ramzswap.config.DaemonSettings;
import io.ramzswap.config.DeviceConfig;
import io.ramzswap.config.Size;
import io.ramzswap.daemon.Daemon;
import io.ramzswap.daemon.DaemonOptions;
import io.ramzswap.daemon.RequestedSettings;
import io.ramzswap.daemon.SettingsPolicy;
import io.ramzswap.host.SwapArea;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.HibernationMode;
import io.ramzswap.swap.KernelSwapAreas;
import io.ramzswap.swap.MemoryUse;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the daemon in the foreground until SIGTERM or SIGINT arrives while no device is in use. */
@Command(
        name = "ramzswapd",
        description = {
            "Holds compressed swap in RAM.",
            "With --config it makes devices of the kernel's nbd driver swap; without that and without --listen it waits for",
            "rzscontrol to set them up."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:stopped by SIGTERM or SIGINT",
            "1:a fault of the program's, or output that could not be written",
            "2:wrong use, a value that no device can have, or a mistake in the configuration",
            "3:no daemon answers",
            "4:no permission",
            "5:no such device",
            "7:busy: another daemon listens there, or somebody else uses the device",
            "8:the kernel has no nbd driver",
            "9:not enough memory",
            "10:the daemon is not protected well enough to serve swap",
            "11:not supported: that daemon has no configuration",
            "14:the disk of a backing swap failed",
            "15:a library is missing"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ramzswapd --config",
            "  ramzswapd --check --config my.conf",
            "  ramzswapd --listen unix:/tmp/rz.sock --disksize 256M --control /tmp/rz.control",
            "  ramzswapd --listen tcp:0.0.0.0:10809 --tls=require --tls-certificates /etc/pki/ramzswap",
            "  nbdinfo -- [ ramzswapd --stdio --disksize 256M ]"
        })
final class RamzswapdCommand implements Program.Verbose {
    private static final int MAX_CONNECTIONS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DaemonHost host;

    @Mixin
    private final ServiceArguments service = new ServiceArguments();

    @Mixin
    private final ListenArguments listen = new ListenArguments();

    @Option(
            names = "--disksize",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description =
                    "Each such device's limit on uncompressed data: a number with K, M, G, T, or %% of RAM. Default: 25%%.")
    private Size diskSize;

    @Option(
            names = "--memlimit",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Each such device's limit on memory used, from a page to the disksize. Default: none; where a"
                    + " control group limits the daemon's memory, what the group leaves.")
    private Size memLimit;

    @Option(
            names = "--allocator",
            paramLabel = "NAME",
            converter = AllocatorConverter.class,
            description = AllocatorConverter.DESCRIPTION)
    private AllocatorKind allocator;

    @Option(
            names = "--compressor",
            paramLabel = "NAME",
            converter = CompressorConverter.class,
            description = CompressorConverter.DESCRIPTION)
    private CompressorKind compressor;

    @Option(
            names = "--control",
            paramLabel = "PATH",
            converter = ControlPath.Converter.class,
            description = "Control socket. Default: " + ControlPath.DEFAULT + "; with --listen, none.")
    private Path control;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Connections between the kernel and a device, 1 to 16. Default: the number of processors.")
    private Integer connections;

    @Option(
            names = "--notify",
            paramLabel = "MODE",
            description =
                    "How the kernel's devices learn of freed swap slots: auto, at once where the kernel can be watched, and"
                            + " by TRIM; trim, by TRIM alone; off, not at all. Default: what the configuration says;"
                            + " else auto.")
    private String notify;

    @Option(
            names = "--cpu-latency",
            paramLabel = "auto|off|MICROSECONDS",
            description =
                    "How long idle processors may take to wake while requests follow one another closely: auto, as"
                            + " little as suits this machine; off, as long as they like; or no longer than that, 0 to keep them"
                            + " all awake. It costs power, and takes root. Default: what the configuration says; else auto.")
    private String cpuLatency;

    @Option(
            names = "--hibernation",
            paramLabel = "refuse|swapoff",
            description =
                    "Whether the machine may hibernate while the daemon serves the kernel, which would hang it: refuse, the"
                            + " kernel refuses (Linux 6.5 and later); swapoff, the service swaps off first. Default: what the"
                            + " configuration says; else refuse.")
    private String hibernation;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more; print stack traces of the program's own faults.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    RamzswapdCommand(DaemonHost host) {
        this.host = host;
    }

    @Override
    public boolean verbose() {
        return verbose;
    }

    @Override
    public Integer call() throws FailureException, InterruptedException {
        DaemonOptions options = options();
        int connectionCount = connectionCount();
        if (service.isTask()) {
            task();
            return ExitStatus.OK;
        }
        Logging.configure(verbose);
        try {
            if (service.serves() && isNothingToDo(options)) {
                return ExitStatus.OK;
            }
            Daemon daemon = host.prepare(options, connectionCount);
            daemon.start();
            daemon.awaitStop();
            return ExitStatus.OK;
        } catch (OperationException e) {
            throw new FailureException(ExitStatus.of(e.code()), e.getMessage(), e);
        } finally {
            Logging.end();
        }
    }

    /** Looks before anything of this process or the machine changes. */
    private boolean isNothingToDo(DaemonOptions options) throws FailureException {
        configuration();
        return host.isServed(options.control().orElseThrow());
    }

    /** What is done without becoming a daemon. */
    private void task() throws FailureException {
        RunningDaemon running = new RunningDaemon(control == null ? Path.of(ControlPath.DEFAULT) : control);
        if (service.check()) {
            check(configuration().devices());
        } else if (service.reload()) {
            running.reload().forEach(this::out);
        } else {
            MemoryUse memory = MemoryUse.ofThisMachine();
            running.swapOff(memory, new KernelSwapAreas(memory), RamzswapdCommand::tellProgress)
                    .forEach(device -> out(device + " is no swap any more"));
        }
    }

    /** Those that are swap already have their memory. */
    private void check(List<DeviceConfig> devices) throws FailureException {
        try {
            Set<String> swapping = MemoryUse.ofThisMachine().swapAreas().stream()
                    .map(SwapArea::path)
                    .collect(Collectors.toSet());
            new SettingsPolicy(host.ramBytes(), host::availableMemory)
                    .requireMemory(devices.stream()
                            .filter(device -> !swapping.contains(device.device()))
                            .map(RequestedSettings::of)
                            .toList());
        } catch (OperationException e) {
            throw new FailureException(ExitStatus.of(e.code()), e.getMessage(), e);
        }
        devices.forEach(device -> out(ConfigurationReport.line(device)));
    }

    private void out(String line) {
        spec.commandLine().getOut().println(line);
    }

    /** A service manager that waits for us is patient as long as it hears of progress. */
    private static void tellProgress() {
        ThisMachine.serviceManager().ifPresent(manager -> {
            try {
                manager.extendTimeout(PATIENCE);
            } catch (IOException e) {
                // It loses patience, and sends a signal that ends swapoff with nothing lost.
            }
        });
    }

    private Configuration configuration() throws FailureException {
        try {
            return source().load();
        } catch (ConfigException e) {
            throw new FailureException(
                    e.getCause() instanceof AccessDeniedException ? ExitStatus.NOT_PERMITTED : ExitStatus.USAGE,
                    e.getMessage(),
                    e);
        }
    }

    private Configuration.Source source() {
        return Configuration.from(service.files(), host.ramBytes());
    }

    private DaemonOptions options() throws FailureException {
        Optional<ListenOptions> how;
        try {
            how = listen.options();
            service.validate(how.isPresent());
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
        if (how.isEmpty() && (diskSize != null || memLimit != null || allocator != null || compressor != null)) {
            throw wrong("--disksize, --memlimit, --allocator and --compressor go with --listen;"
                    + " for a kernel device give them to rzscontrol or put them into the configuration");
        }
        refuseWhatHasNoEffect(how.isPresent());
        DaemonSettings configured = service.serves() ? configuration().daemon() : DaemonSettings.DEFAULT;
        Optional<Path> controlPath = Optional.ofNullable(control)
                .or(() -> how.isPresent() ? Optional.empty() : Optional.of(Path.of(ControlPath.DEFAULT)));
        return new DaemonOptions(
                how,
                controlPath,
                bytes(diskSize),
                bytes(memLimit),
                Optional.ofNullable(allocator),
                Optional.ofNullable(compressor),
                chosen("--notify", notify, NotifyMode::parse)
                        .or(configured::notifyMode)
                        .orElse(NotifyMode.DEFAULT),
                chosen("--cpu-latency", cpuLatency, CpuLatencySetting::parse)
                        .or(configured::cpuLatency)
                        .orElse(CpuLatencySetting.AUTO),
                chosen("--hibernation", hibernation, HibernationMode::parse)
                        .or(configured::hibernation)
                        .orElse(HibernationMode.DEFAULT),
                service.serves() ? Optional.of(source()) : Optional.empty());
    }

    private void refuseWhatHasNoEffect(boolean listens) {
        if (listens && control == null && (connections != null || notify != null)) {
            throw wrong(
                    "--connections and --notify are for devices of the kernel, and --listen without --control serves none");
        }
        if (service.isTask() && (connections != null || notify != null || cpuLatency != null)) {
            throw wrong("--connections, --notify and --cpu-latency are for a daemon that starts, and not for --check,"
                    + " --reload and --swapoff");
        }
        if (service.check() && control != null) {
            throw wrong("--check asks no daemon: leave out --control");
        }
    }

    /** What the command line says, if it does. */
    private <T> Optional<T> chosen(String option, String word, Function<String, T> parse) {
        try {
            return Optional.ofNullable(word).map(parse);
        } catch (IllegalArgumentException e) {
            throw wrong(option + " takes " + e.getMessage());
        }
    }

    private OptionalLong bytes(Size size) {
        return size == null ? OptionalLong.empty() : OptionalLong.of(size.bytes(host.ramBytes()));
    }

    private int connectionCount() {
        int count = connections == null
                ? Math.min(Runtime.getRuntime().availableProcessors(), MAX_CONNECTIONS)
                : connections;
        if (count < 1 || count > MAX_CONNECTIONS) {
            throw wrong("--connections takes 1 to " + MAX_CONNECTIONS + ", not " + count);
        }
        return count;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

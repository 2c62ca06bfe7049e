package io.ramzswap.cli;

import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.config.ConfigException;
import io.ramzswap.config.Configuration;
import io.ramzswap.config.DeviceConfig;
import io.ramzswap.daemon.Daemon;
import io.ramzswap.daemon.DaemonOptions;
import io.ramzswap.daemon.RequestedSettings;
import io.ramzswap.daemon.SettingsPolicy;
import io.ramzswap.host.SwapArea;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DaemonCatalogue;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.swap.KernelSwapAreas;
import io.ramzswap.swap.MemoryUse;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    @Mixin
    private final SettingOptions listening =
            new SettingOptions(DeviceCatalogue.ALL, Setting::daemonOption, new Listening());

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

    @Mixin
    private final DaemonOptionTexts chosen = new DaemonOptionTexts();

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more; print stack traces of the program's own faults.")
    private boolean verbose;

    private CommandSpec spec;

    RamzswapdCommand(DaemonHost host) {
        this.host = host;
    }

    /** Takes the command that picocli makes of this object, and lists its exit statuses. */
    @Spec
    void spec(CommandSpec made) {
        spec = made;
        made.usageMessage()
                .exitCodeList(ExitStatus.list("stopped by SIGTERM or SIGINT", Map.of(), Refusal.NOT_INITIALISED));
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
            throw new FailureException(e.code().exitStatus(), e.getMessage(), e);
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
            throw new FailureException(e.code().exitStatus(), e.getMessage(), e);
        }
        devices.forEach(device -> out(ConfigurationReport.line(DeviceCatalogue.ALL, device)));
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
        SettingValues device = listening.values();
        if (how.isEmpty() && !device.settings().isEmpty()) {
            throw wrong(
                    listening.names()
                            + " go with --listen; for a kernel device give them to rzscontrol or put them into the configuration");
        }
        refuseWhatHasNoEffect(how.isPresent());
        SettingValues configured = service.serves() ? configuration().daemon() : SettingValues.NONE;
        Optional<Path> controlPath = Optional.ofNullable(control)
                .or(() -> how.isPresent() ? Optional.empty() : Optional.of(Path.of(ControlPath.DEFAULT)));
        return new DaemonOptions(
                how,
                controlPath,
                device,
                chosen().over(configured),
                service.serves() ? Optional.of(source()) : Optional.empty());
    }

    private void refuseWhatHasNoEffect(boolean listens) {
        if (listens && control == null && (connections != null || chosen.gives(DaemonCatalogue.NOTIFY))) {
            throw wrong(
                    "--connections and --notify are for devices of the kernel, and --listen without --control serves none");
        }
        if (service.isTask()
                && (connections != null
                        || chosen.gives(DaemonCatalogue.NOTIFY)
                        || chosen.gives(DaemonCatalogue.CPU_LATENCY))) {
            throw wrong("--connections, --notify and --cpu-latency are for a daemon that starts, and not for --check,"
                    + " --reload and --swapoff");
        }
        if (service.check() && control != null) {
            throw wrong("--check asks no daemon: leave out --control");
        }
    }

    /** The settings of the daemon that the command line gives. */
    private SettingValues chosen() {
        try {
            return chosen.values();
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    /** Reads the settings of devices that clients of sockets use. */
    private final class Listening implements SettingOptions.Reader {
        @Override
        public <T> T read(Setting<T> setting, String text) {
            return setting.type().fromDaemonOption(text, host::ramBytes);
        }
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

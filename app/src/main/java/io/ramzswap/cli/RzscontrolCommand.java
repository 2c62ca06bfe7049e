package io.ramzswap.cli;

import io.ramzswap.config.Spelling;
import io.ramzswap.control.ControlReply;
import io.ramzswap.control.ControlRequest;
import io.ramzswap.control.Operation;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.host.Host;
import io.ramzswap.setting.Setting;
import io.ramzswap.setting.SettingSet;
import io.ramzswap.setting.SettingValues;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import io.ramzswap.writeback.WriteBackKind;
import io.ramzswap.writeback.WriteBackOrder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * Controls a device, with the options of the rzscontrol of 2009. Whatever their order on the command line, they are carried
 * out in this one: backing swap, memlimit, disksize, the other settings, init, write-back, reset, stats.
 * All of it is done before the statistics, or nothing.
 *
 * <p>What came later are commands, words of their own: {@code rzscontrol list}. No device is called like one, so the first
 * word that is no option tells which of the two it is; {@link Program} refuses a mixture.
 */
@Command(
        name = "rzscontrol",
        description = {
            "Sets up, shows and takes down a ramzswap device.",
            "With a DEVICE come the options of 2009, below; a command comes instead of it, and has options of its own:"
                    + " rzscontrol COMMAND --help."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = {"rzscontrol DEVICE [OPTIONS]", "       rzscontrol COMMAND [OPTIONS]"},
        subcommands = {
            ListCommand.class,
            StatsCommand.class,
            DoctorCommand.class,
            TopCommand.class,
            AnalyzeCommand.class,
            MetricsCommand.class
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit status:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  rzscontrol /dev/nbd0 --init --disksize_kb=524288 --memlimit_kb=262144",
            "  rzscontrol /dev/nbd0 --init --backing_swap=/dev/sda2 --memlimit_kb=524288",
            "  rzscontrol /dev/nbd0 --memlimit_kb=262144",
            "  rzscontrol /dev/nbd0 --stats",
            "  rzscontrol list",
            "  rzscontrol doctor"
        })
final class RzscontrolCommand implements Program.Verbose {
    private static final List<Setting<?>> OF_2009 =
            List.of(DeviceCatalogue.BACKING_SWAP, DeviceCatalogue.MEM_LIMIT, DeviceCatalogue.DISK_SIZE);

    @Parameters(
            paramLabel = "DEVICE",
            arity = "0..1",
            converter = DeviceName.Converter.class,
            description = "The device: /dev/nbdN, or the name a listening daemon gave it.")
    private String device;

    @Mixin
    private final SettingOptions settings;

    @Option(
            names = "--writeback",
            paramLabel = "WHICH",
            converter = WriteBackConverter.class,
            description =
                    "Move pages to the backing swap now, in the background: idle (those that nobody used for the time of"
                            + " --idle), huge (those that do not compress to half) or all.")
    private WriteBackKind writeBack;

    @Option(
            names = "--idle",
            paramLabel = "AGE",
            converter = Age.Converter.class,
            description =
                    "Move pages with --writeback=idle that were not used for so long: 90s, 10m, 2h, 1d, up to 30d."
                            + " Default: 10m.")
    private Age idle;

    @Option(
            names = {"-i", "--init"},
            description = "Make the device ready for swapon. No mkswap is needed.")
    private boolean init;

    @Option(
            names = {"-r", "--reset"},
            description = "Take the device down and free all its memory. Refused while it is in use.")
    private boolean reset;

    @Option(
            names = {"-s", "--stats"},
            description = "Print the statistics.")
    private boolean stats;

    @Option(
            names = "--control",
            scope = ScopeType.INHERIT,
            paramLabel = "PATH",
            converter = ControlPath.Converter.class,
            description = "The daemon's control socket. Default: " + ControlPath.DEFAULT + ".")
    private Path control = Path.of(ControlPath.DEFAULT);

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Print what is set; print more statistics; print stack traces of the program's own faults.")
    private boolean verbose;

    @Option(names = "--root", scope = ScopeType.INHERIT, hidden = true, description = "Where /proc and /sys are.")
    private Path root = Path.of("/");

    private CommandSpec spec;

    private final SettingSet known;

    RzscontrolCommand() {
        this(DeviceCatalogue.ALL);
    }

    /** With an option for each of these settings that has one. */
    RzscontrolCommand(SettingSet known) {
        this.known = known;
        this.settings = new SettingOptions(known, Setting::option, new SettingOptions.Reader() {
            @Override
            public <T> T read(Setting<T> setting, String text) {
                return setting.type().fromOption(text);
            }
        });
    }

    /** Takes the command that picocli makes of this object, and lists its exit statuses. */
    @Spec
    void spec(CommandSpec made) {
        spec = made;
        made.usageMessage()
                .exitCodeList(ExitStatus.list(
                        "all of it was done",
                        Map.of(
                                ExitStatus.SHOULD_BE_CHANGED, "doctor: something should be changed",
                                ExitStatus.HAS_TO_BE_CHANGED, "doctor: swap cannot be served, or not safely")));
    }

    @Override
    public boolean verbose() {
        return verbose;
    }

    Path control() {
        return control;
    }

    /** The machine that commands look at. */
    Host host() {
        return new Host(root);
    }

    @Override
    public Integer call() throws FailureException {
        if (device == null) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'DEVICE'");
        }
        SettingValues values = settings.values();
        if (hasPartsWithout(DeviceCatalogue.BACKING_SWAP, values)) {
            throw new ParameterException(
                    spec.commandLine(), "--backing_encrypt and --backing_layout go with --backing_swap");
        }
        if (idle != null && writeBack != WriteBackKind.IDLE) {
            throw new ParameterException(spec.commandLine(), "--idle goes with --writeback=idle");
        }
        boolean sets = !values.settings().isEmpty() || writeBack != null;
        if (!sets && !init && !reset && !stats) {
            throw new ParameterException(spec.commandLine(), nothingToDo());
        }
        return DaemonLink.open(control, spec.commandLine().getErr(), daemon -> {
            carryOut(daemon, values);
            return ExitStatus.OK;
        });
    }

    /** A word alone is more often a command with a slip in it than a device. */
    private String nothingToDo() {
        if (device.equals("help")) {
            return "there is no command 'help'; did you mean --help?";
        }
        return Spelling.nearest(device, spec.subcommands().keySet())
                .map(command -> "there is no command '" + device + "'; did you mean " + command + "?")
                .orElse("nothing to do for " + device);
    }

    private boolean hasPartsWithout(Setting<?> leader, SettingValues values) {
        return !values.has(leader) && known.partsOf(leader).stream().anyMatch(values::has);
    }

    private void carryOut(DaemonLink daemon, SettingValues values) throws IOException, FailureException {
        List<ControlRequest> changes = changes(values);
        if (changes.size() == 1) {
            daemon.call(changes.get(0));
        } else if (!changes.isEmpty()) {
            daemon.call(ControlRequest.together(device, changes));
        }
        tellWhatIsSet(values);
        if (stats) {
            printStatistics(daemon);
        }
    }

    /** The settings of 2009 first, in their order. */
    private static List<Setting<?>> inOrder(SettingValues values) {
        Set<Setting<?>> ordered = new LinkedHashSet<>(OF_2009);
        ordered.retainAll(values.settings());
        ordered.addAll(values.settings());
        return List.copyOf(ordered);
    }

    private List<ControlRequest> changes(SettingValues values) {
        List<ControlRequest> changes = new ArrayList<>();
        for (Setting<?> setting : inOrder(values)) {
            if (setting.partOf().isEmpty()) {
                changes.add(ControlRequest.set(device, setting, withParts(setting, values)));
            }
        }
        if (init) {
            changes.add(ControlRequest.of(Operation.INIT, device));
        }
        if (writeBack != null) {
            long seconds = idle == null ? Age.DEFAULT_SECONDS : idle.seconds();
            changes.add(ControlRequest.writeBack(device, new WriteBackOrder(writeBack, seconds)));
        }
        if (reset) {
            changes.add(ControlRequest.of(Operation.RESET, device));
        }
        return changes;
    }

    private SettingValues withParts(Setting<?> leader, SettingValues values) {
        SettingValues group = SettingValues.NONE.withThatOf(leader, values);
        for (Setting<?> part : known.partsOf(leader)) {
            group = group.withThatOf(part, values);
        }
        return group;
    }

    private void tellWhatIsSet(SettingValues values) {
        inOrder(values).forEach(setting -> tell(setting.option().orElseThrow().word(), values.optionText(setting)));
    }

    private void printStatistics(DaemonLink daemon) throws IOException, FailureException {
        ControlReply reply = daemon.call(ControlRequest.of(Operation.STATS, device));
        DeviceStatistics statistics = reply.statistics().orElseThrow();
        out().print(StatisticsReport.of(statistics));
        if (verbose) {
            out().print(StatisticsReport.more(statistics, reply.swap(), daemon.process()));
        }
    }

    private void tell(String what, Object value) {
        if (verbose) {
            out().println(what + ": " + value);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}

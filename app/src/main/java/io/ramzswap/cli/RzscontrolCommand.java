package io.ramzswap.cli;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.config.Spelling;
import io.ramzswap.control.ControlReply;
import io.ramzswap.control.ControlRequest;
import io.ramzswap.control.Operation;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.host.Host;
import io.ramzswap.writeback.WriteBackKind;
import io.ramzswap.writeback.WriteBackOrder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * Controls a device, with the options of the rzscontrol of 2009. Whatever their order on the command line, they are carried
 * out in this one: backing swap, memlimit, disksize, allocator, compressor, write-back limit, init, write-back, reset, stats.
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
        exitCodeList = {
            "0:all of it was done",
            "1:a fault of the program's, or output that could not be written",
            "2:wrong use, or a value that no device can have",
            "3:no daemon answers",
            "4:no permission",
            "5:no such device",
            "6:the device is not initialised",
            "7:busy: in use, already initialised, or the write-back limit of this hour is used up",
            "8:the kernel has no nbd driver",
            "9:not enough memory",
            "10:the daemon is not protected well enough to serve swap",
            "11:not supported by this version",
            "12:doctor: something should be changed",
            "13:doctor: swap cannot be served, or not safely",
            "14:the disk of the backing swap failed",
            "15:a library is missing"
        },
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
    @Parameters(
            paramLabel = "DEVICE",
            arity = "0..1",
            converter = DeviceName.Converter.class,
            description = "The device: /dev/nbdN, or the name a listening daemon gave it.")
    private String device;

    @Option(
            names = {"-d", "--disksize_kb"},
            paramLabel = "N",
            converter = Kilobytes.Converter.class,
            description = "Limit on uncompressed data, in kilobytes. Default: 25%% of RAM. Fixed once initialised.")
    private Kilobytes diskSize;

    @Option(
            names = {"-m", "--memlimit_kb"},
            paramLabel = "N",
            converter = Kilobytes.Converter.class,
            description =
                    "Limit on memory used, in kilobytes. Default: none; with a backing swap 15%% of RAM. With --init, 0 and"
                            + " what is above the disksize are no limit, with a warning.")
    private Kilobytes memLimit;

    @Option(
            names = {"-b", "--backing_swap"},
            paramLabel = "PATH",
            converter = ControlPath.Converter.class,
            description =
                    "A swap-formatted file or partition for pages that have grown cold, or for which memory has no room."
                            + " The disksize becomes its size. Fixed once initialised.")
    private Path backingSwap;

    @Option(
            names = "--backing_layout",
            paramLabel = "NAME",
            converter = LayoutConverter.class,
            description =
                    "How pages lie on the backing swap: log (the default: compressed, many at a time, the coldest, before"
                            + " memory is full) or linear (as in 2009: each at its own place, uncompressed). Goes with"
                            + " --backing_swap.")
    private BackingLayout backingLayout;

    @Option(
            names = "--backing_encrypt",
            arity = "1",
            paramLabel = "on|off",
            converter = OnOffConverter.class,
            description =
                    "Whether pages are encrypted on their way to the backing swap, with a random key that is in memory"
                            + " only. Goes with --backing_swap. Default: on; off is for a disk that is encrypted already.")
    private Boolean backingEncrypt;

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
            names = "--writeback_limit_kb",
            paramLabel = "N",
            converter = BudgetConverter.class,
            description =
                    "The most that is written back in an hour, by --writeback too, in kilobytes, for the sake of flash"
                            + " memory; 0 for any. Goes with a backing swap. May be changed at any time.")
    private Long writeBackLimit;

    @Option(
            names = "--allocator",
            paramLabel = "NAME",
            converter = AllocatorConverter.class,
            description = AllocatorConverter.DESCRIPTION + " Fixed once initialised.")
    private AllocatorKind allocator;

    @Option(
            names = "--compressor",
            paramLabel = "NAME",
            converter = CompressorConverter.class,
            description = CompressorConverter.DESCRIPTION + " Fixed once initialised.")
    private CompressorKind compressor;

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

    @Spec
    private CommandSpec spec;

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
        if ((backingEncrypt != null || backingLayout != null) && backingSwap == null) {
            throw new ParameterException(
                    spec.commandLine(), "--backing_encrypt and --backing_layout go with --backing_swap");
        }
        if (idle != null && writeBack != WriteBackKind.IDLE) {
            throw new ParameterException(spec.commandLine(), "--idle goes with --writeback=idle");
        }
        boolean sets = backingSwap != null
                || memLimit != null
                || diskSize != null
                || allocator != null
                || compressor != null
                || writeBackLimit != null
                || writeBack != null;
        if (!sets && !init && !reset && !stats) {
            throw new ParameterException(spec.commandLine(), nothingToDo());
        }
        return DaemonLink.open(control, spec.commandLine().getErr(), daemon -> {
            carryOut(daemon);
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

    private void carryOut(DaemonLink daemon) throws IOException, FailureException {
        List<ControlRequest> changes = changes();
        if (changes.size() == 1) {
            daemon.call(changes.get(0));
        } else if (!changes.isEmpty()) {
            daemon.call(ControlRequest.together(device, changes));
        }
        tellWhatIsSet();
        if (stats) {
            printStatistics(daemon);
        }
    }

    /** In the order of 2009. */
    private List<ControlRequest> changes() {
        List<ControlRequest> changes = new ArrayList<>();
        if (backingSwap != null) {
            changes.add(ControlRequest.of(
                    Operation.SET_BACKING_SWAP, device, backingSwap.toAbsolutePath(), backingOptions()));
        }
        if (memLimit != null) {
            changes.add(ControlRequest.of(Operation.SET_MEM_LIMIT, device, memLimit.bytes()));
        }
        if (diskSize != null) {
            changes.add(ControlRequest.of(Operation.SET_DISK_SIZE, device, diskSize.bytes()));
        }
        if (allocator != null) {
            changes.add(ControlRequest.of(Operation.SET_ALLOCATOR, device, allocator));
        }
        if (compressor != null) {
            changes.add(ControlRequest.of(Operation.SET_COMPRESSOR, device, compressor));
        }
        if (writeBackLimit != null) {
            changes.add(ControlRequest.of(Operation.SET_WRITE_BACK_BUDGET, device, writeBackLimit << 10));
        }
        if (init) {
            changes.add(ControlRequest.of(Operation.INIT, device));
        }
        if (writeBack != null) {
            long seconds = idle == null ? Age.DEFAULT_SECONDS : idle.seconds();
            changes.add(ControlRequest.of(Operation.WRITE_BACK, device, new WriteBackOrder(writeBack, seconds)));
        }
        if (reset) {
            changes.add(ControlRequest.of(Operation.RESET, device));
        }
        return changes;
    }

    private void tellWhatIsSet() {
        if (backingSwap != null) {
            tell("backing_swap", backingSwap);
        }
        if (memLimit != null) {
            tell("memlimit_kb", memLimit.bytes() >> 10);
        }
        if (diskSize != null) {
            tell("disksize_kb", diskSize.bytes() >> 10);
        }
    }

    private BackingOptions backingOptions() {
        BackingOptions unsaid = BackingOptions.DEFAULT;
        return new BackingOptions(
                backingLayout == null ? unsaid.layout() : backingLayout,
                backingEncrypt == null ? unsaid.encrypted() : backingEncrypt);
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

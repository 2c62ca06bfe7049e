package io.ramzswap.cli;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.control.ControlClient;
import io.ramzswap.control.ControlReply;
import io.ramzswap.control.ControlRequest;
import io.ramzswap.control.ControlSocketException;
import io.ramzswap.control.DaemonUnreachableException;
import io.ramzswap.control.Operation;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.process.ProcessStatistics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Controls a device, with the options of the rzscontrol of 2009. Whatever their order on the command line, they are carried
 * out in this one: backing swap, memlimit, disksize, init, reset, stats; the first failure ends it.
 */
@Command(
        name = "rzscontrol",
        description = "Sets up, shows and takes down a ramzswap device.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all of it was done",
            "1:a fault of the program's",
            "2:wrong use, or a value that no device can have",
            "3:no daemon answers",
            "4:no permission",
            "5:no such device",
            "6:the device is not initialised",
            "7:busy: in use, or already initialised",
            "8:the kernel has no nbd driver",
            "9:not enough memory",
            "10:the daemon is not protected well enough to serve swap",
            "11:not supported by this version"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  rzscontrol /dev/nbd0 --init --disksize_kb=524288 --memlimit_kb=262144",
            "  rzscontrol /dev/nbd0 --stats"
        })
final class RzscontrolCommand implements Program.Verbose {
    @Parameters(paramLabel = "DEVICE", description = "The device: /dev/nbdN, or the name a listening daemon gave it.")
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
            description = "Limit on memory used, in kilobytes. Default: none. Fixed once initialised.")
    private Kilobytes memLimit;

    @Option(
            names = {"-b", "--backing_swap"},
            paramLabel = "PATH",
            description = "A swap device for what does not fit. Not supported by this version.")
    private Path backingSwap;

    @Option(
            names = "--allocator",
            paramLabel = "NAME",
            converter = AllocatorConverter.class,
            description = AllocatorConverter.DESCRIPTION + " Fixed once initialised.")
    private AllocatorKind allocator;

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
            paramLabel = "PATH",
            description = "The daemon's control socket. Default: " + ControlPath.DEFAULT + ".")
    private Path control = Path.of(ControlPath.DEFAULT);

    @Option(
            names = {"-v", "--verbose"},
            description = "Print what is set; print more statistics; print stack traces of failures.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    @Override
    public boolean verbose() {
        return verbose;
    }

    @Override
    public Integer call() throws FailureException {
        if (backingSwap != null) {
            throw new FailureException(
                    ExitStatus.UNSUPPORTED,
                    "backing_swap: a backing swap is not supported by this version; leave --backing_swap out");
        }
        if (memLimit == null && diskSize == null && allocator == null && !init && !reset && !stats) {
            throw new ParameterException(spec.commandLine(), "nothing to do for " + device);
        }
        try (ControlClient daemon = ControlClient.connect(control)) {
            carryOut(daemon);
            return ExitStatus.OK;
        } catch (ControlSocketException e) {
            throw new FailureException(ExitStatus.of(e.code()), e.getMessage(), e);
        } catch (DaemonUnreachableException e) {
            throw new FailureException(ExitStatus.UNREACHABLE, e.getMessage(), e);
        } catch (IOException e) {
            throw new FailureException(ExitStatus.UNREACHABLE, "talking to the daemon at " + control + ": " + e, e);
        }
    }

    private void carryOut(ControlClient daemon) throws IOException, FailureException {
        if (memLimit != null) {
            call(daemon, ControlRequest.of(Operation.SET_MEM_LIMIT, device, memLimit.bytes()));
            tell("memlimit_kb", memLimit);
        }
        if (diskSize != null) {
            call(daemon, ControlRequest.of(Operation.SET_DISK_SIZE, device, diskSize.bytes()));
            tell("disksize_kb", diskSize);
        }
        if (allocator != null) {
            call(daemon, ControlRequest.of(Operation.SET_ALLOCATOR, device, allocator));
        }
        if (init) {
            call(daemon, ControlRequest.of(Operation.INIT, device));
        }
        if (reset) {
            call(daemon, ControlRequest.of(Operation.RESET, device));
        }
        if (stats) {
            printStatistics(daemon);
        }
    }

    private void printStatistics(ControlClient daemon) throws IOException, FailureException {
        DeviceStatistics statistics = call(daemon, ControlRequest.of(Operation.STATS, device))
                .statistics()
                .orElseThrow();
        out().print(StatisticsReport.of(statistics));
        if (verbose) {
            ProcessStatistics process = call(daemon, ControlRequest.of(Operation.PROCESS, device))
                    .process()
                    .orElseThrow();
            out().print(StatisticsReport.more(statistics, process));
        }
    }

    private ControlReply call(ControlClient daemon, ControlRequest request) throws IOException, FailureException {
        ControlReply reply = daemon.call(request);
        for (String warning : reply.warnings()) {
            spec.commandLine().getErr().println("rzscontrol: warning: " + warning);
        }
        if (reply.failure().isPresent()) {
            ControlReply.Failure failure = reply.failure().get();
            throw new FailureException(ExitStatus.of(failure.code()), failure.message());
        }
        return reply;
    }

    private void tell(String what, Kilobytes size) {
        if (verbose) {
            out().println(what + ": " + (size.bytes() >> 10));
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}

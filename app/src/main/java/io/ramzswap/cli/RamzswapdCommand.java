package io.ramzswap.cli;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.attach.OperationException;
import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.daemon.Daemon;
import io.ramzswap.daemon.DaemonOptions;
import io.ramzswap.notify.NotifyMode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
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
            "Without --listen it waits for rzscontrol to set up devices of the kernel's nbd driver."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:stopped by SIGTERM or SIGINT",
            "1:a fault of the program's",
            "2:wrong use, or a value that no device can have",
            "4:no permission",
            "7:busy: another daemon listens there",
            "9:not enough memory"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ramzswapd",
            "  ramzswapd --listen unix:/tmp/rz.sock --disksize 256M --control /tmp/rz.control",
            "  ramzswapd --listen tcp:0.0.0.0:10809 --tls=require --tls-certificates /etc/pki/ramzswap",
            "  nbdinfo -- [ ramzswapd --stdio --disksize 256M ]"
        })
final class RamzswapdCommand implements Program.Verbose {
    private static final int MAX_CONNECTIONS = 16;

    private final DaemonHost host;

    @Mixin
    private final ListenArguments listen = new ListenArguments();

    @Option(
            names = "--disksize",
            paramLabel = "SIZE",
            converter = Size.Converter.class,
            description =
                    "Each such device's limit on uncompressed data: a number with K, M, G, T, or %% of RAM. Default: 25%%.")
    private Size diskSize;

    @Option(
            names = "--memlimit",
            paramLabel = "SIZE",
            converter = Size.Converter.class,
            description = "Each such device's limit on memory used. Default: none.")
    private Size memLimit;

    @Option(
            names = "--allocator",
            paramLabel = "NAME",
            converter = AllocatorConverter.class,
            description = AllocatorConverter.DESCRIPTION)
    private AllocatorKind allocator;

    @Option(
            names = "--control",
            paramLabel = "PATH",
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
                            + " by TRIM; trim, by TRIM alone; off, not at all. Default: auto.")
    private String notify = "auto";

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more; print stack traces of failures.")
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
        Logging.configure(verbose);
        try {
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

    private DaemonOptions options() {
        Optional<ListenOptions> how;
        try {
            how = listen.options();
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
        if (how.isEmpty() && (diskSize != null || memLimit != null || allocator != null)) {
            throw wrong("--disksize, --memlimit and --allocator go with --listen;"
                    + " for a kernel device give them to rzscontrol");
        }
        Optional<Path> controlPath = Optional.ofNullable(control)
                .or(() -> how.isPresent() ? Optional.empty() : Optional.of(Path.of(ControlPath.DEFAULT)));
        return new DaemonOptions(
                how, controlPath, bytes(diskSize), bytes(memLimit), Optional.ofNullable(allocator), notifyMode());
    }

    private NotifyMode notifyMode() {
        try {
            return NotifyMode.parse(notify);
        } catch (IllegalArgumentException e) {
            throw wrong("--notify takes " + e.getMessage());
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

package io.ramzswap.cli;

import io.ramzswap.metrics.Metrics;
import io.ramzswap.metrics.MetricsServer;
import io.ramzswap.metrics.Reading;
import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Gives the figures to Prometheus. */
@Command(
        name = "metrics",
        description = {
            "Gives the figures to Prometheus: prints them, writes them to a file, or serves them over HTTP.",
            "Serving is a process of its own, which asks the daemon anew for each request, so that nothing of it is in the"
                    + " daemon's locked memory."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class MetricsCommand implements Callable<Integer> {
    private static final String SUFFIX = ".prom";

    @ParentCommand
    private RzscontrolCommand rzscontrol;

    @ArgGroup
    private Target target = new Target();

    @Spec
    private CommandSpec spec;

    /** Why the daemon did not answer the last time. */
    private volatile FailureException failure;

    /** Where to; standard output unless told otherwise. */
    private static final class Target {
        @Option(
                names = "--textfile",
                paramLabel = "FILE",
                description = "Write FILE.prom for node_exporter's textfile collector; it is replaced as a whole.")
        private Path textfile;

        @Option(
                names = "--listen",
                paramLabel = "[HOST:]PORT",
                converter = LoopbackAddress.Converter.class,
                description = "Serve /metrics on this loopback address, until a signal ends it.")
        private LoopbackAddress listen;
    }

    @Override
    public Integer call() throws FailureException {
        if (target.textfile != null && !target.textfile.toString().endsWith(SUFFIX)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--textfile takes a file that ends in " + SUFFIX + ", for node_exporter reads no other; not "
                            + target.textfile);
        }
        if (target.listen != null) {
            serve(target.listen);
            return ExitStatus.OK;
        }
        byte[] text = text();
        if (target.textfile != null) {
            replace(target.textfile.toAbsolutePath(), text);
        } else if (failure == null) {
            spec.commandLine().getOut().print(new String(text, StandardCharsets.UTF_8));
        }
        if (failure != null) {
            throw failure;
        }
        return ExitStatus.OK;
    }

    private byte[] text() throws FailureException {
        try {
            return new Metrics(this::read).text();
        } catch (IOException e) {
            throw new FailureException(ExitStatus.INTERNAL, "the metrics could not be written: " + e, e);
        }
    }

    /** Nothing, if the daemon does not answer, which is a figure, too. Scrapers that come at once do not wait for one another. */
    private Optional<Reading> read() {
        try {
            Reading reading = DaemonLink.open(
                    rzscontrol.control(),
                    spec.commandLine().getErr(),
                    daemon -> new Reading(daemon.devices(), daemon.process()));
            failure = null;
            return Optional.of(reading);
        } catch (FailureException e) {
            failure = e;
            return Optional.empty();
        }
    }

    /** A reader sees the old file or the new one, each of them whole. */
    private static void replace(Path file, byte[] text) throws FailureException {
        try {
            Path directory = file.getParent();
            Path draft = Files.createTempFile(directory, ".ramzswap", null);
            try {
                Files.write(draft, text);
                // node_exporter is another user, and our umask maybe one that keeps others out.
                Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (AccessDeniedException e) {
            throw new FailureException(
                    ExitStatus.NOT_PERMITTED, "no permission to write " + file + ": run it as a user who may", e);
        } catch (NoSuchFileException e) {
            throw new FailureException(
                    ExitStatus.USAGE,
                    "there is no directory " + file.getParent() + " to write " + file.getFileName() + " to",
                    e);
        } catch (IOException e) {
            throw new FailureException(
                    Refusal.of(e).exitStatus(), file + " could not be written: " + e.getMessage(), e);
        }
    }

    private static boolean isNotPermitted(BindException failure) {
        return String.valueOf(failure.getMessage()).contains(LibcException.describe(Errno.EACCES));
    }

    private void serve(LoopbackAddress address) throws FailureException {
        try (MetricsServer server = MetricsServer.start(address.socket(), new Metrics(this::read))) {
            spec.commandLine().getOut().println("serving " + server.url());
            spec.commandLine().getOut().flush();
            new CountDownLatch(1).await();
        } catch (BindException e) {
            if (isNotPermitted(e)) {
                throw new FailureException(
                        ExitStatus.NOT_PERMITTED,
                        "no permission to listen on port " + address.socket().getPort()
                                + ": choose one above 1023, or run it as root",
                        e);
            }
            throw new FailureException(
                    Refusal.BUSY.exitStatus(),
                    "another program listens on port " + address.socket().getPort() + "; choose another port",
                    e);
        } catch (IOException e) {
            throw new FailureException(ExitStatus.INTERNAL, "the metrics could not be served: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

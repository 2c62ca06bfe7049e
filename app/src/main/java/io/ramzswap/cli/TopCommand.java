package io.ramzswap.cli;

import io.ramzswap.top.Moment;
import io.ramzswap.top.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Shows devices and memory as they change. */
@Command(
        name = "top",
        description = {
            "Shows devices and memory as they change. q leaves.",
            "DATA is the uncompressed size of the pages in memory, TOTAL the memory they take with tables, and RATIO one by the"
                    + " other; pages on a backing swap are shown as on disk, and count as saved.",
            "Rates are of uncompressed bytes. The kernel tells times of its own devices only; a dash is what nobody knows.",
            "Where standard output is no terminal it prints like --batch. NO_COLOR does without colours."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class TopCommand implements Callable<Integer> {
    private static final int UNBOUNDED = Integer.MAX_VALUE;

    @ParentCommand
    private RzscontrolCommand rzscontrol;

    @Option(
            names = {"-d", "--interval"},
            paramLabel = "SECONDS",
            defaultValue = "2",
            converter = Interval.Converter.class,
            description = "Time between two looks, from 0.1 to 3600. Default: ${DEFAULT-VALUE}.")
    private Interval interval;

    @ArgGroup
    private Style style = new Style();

    @Option(
            names = {"-n", "--iterations"},
            paramLabel = "N",
            description = "End after N looks.")
    private Integer iterations;

    @Spec
    private CommandSpec spec;

    /** How it is shown; one way at a time. */
    private static final class Style {
        @Option(
                names = {"-b", "--batch"},
                description = "Print look after look, without taking the terminal over.")
        private boolean batch;

        @Option(
                names = {"-1", "--once"},
                description = "Print one look, without rates.")
        private boolean once;
    }

    @Override
    public Integer call() throws FailureException {
        if (iterations != null && iterations < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--iterations takes a whole number above 0, not " + iterations);
        }
        int looks = style.once ? 1 : iterations == null ? UNBOUNDED : iterations;
        try {
            if (!isPrinted()) {
                watch(looks);
            } else {
                print(looks);
            }
            return ExitStatus.OK;
        } catch (IOException e) {
            throw new FailureException(ExitStatus.INTERNAL, "the terminal could not be used: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(ExitStatus.INTERNAL, "interrupted", e);
        }
    }

    private boolean isPrinted() {
        return style.once || style.batch || !Terminals.isStandardOutput();
    }

    private Moment look() throws FailureException {
        return DaemonLink.open(
                rzscontrol.control(),
                spec.commandLine().getErr(),
                daemon -> Moment.now(rzscontrol.host(), daemon.devices(), daemon.process()));
    }

    private void print(int looks) throws FailureException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Screen screen = new Screen(UNBOUNDED, UNBOUNDED);
        Optional<Moment> before = Optional.empty();
        for (int look = 0; look < looks && !out.checkError(); look++) {
            if (look > 0) {
                TimeUnit.MILLISECONDS.sleep(interval.millis());
                out.println();
            }
            Moment now = look();
            out.println(heading());
            screen.lines(before, now).forEach(out::println);
            out.flush();
            before = Optional.of(now);
        }
    }

    private void watch(int looks) throws FailureException, IOException, InterruptedException {
        Moment now = look();
        Optional<Moment> before = Optional.empty();
        try (LiveScreen live = LiveScreen.open()) {
            String problem = "";
            int look = 1;
            while (true) {
                live.show(frame(live, before, now, problem));
                switch (live.await(interval.millis())) {
                    case QUIT -> {
                        return;
                    }
                    case TIME -> {
                        if (++look > looks) {
                            return;
                        }
                        CompletableFuture<Moment> next = lookAside();
                        if (!live.awaitUnlessLeft(next)) {
                            return;
                        }
                        try {
                            Moment looked = next.get();
                            before = Optional.of(now);
                            now = looked;
                            problem = "";
                        } catch (ExecutionException e) {
                            problem = problemOf(e.getCause());
                        }
                    }
                    default -> {
                        // RESIZED: the same figures are drawn for the new size.
                    }
                }
            }
        }
    }

    private static String problemOf(Throwable cause) {
        if (cause instanceof FailureException) {
            return cause.getMessage();
        }
        throw new IllegalStateException(cause);
    }

    /** On a thread of its own, which the program does not wait for: a daemon that hangs is no reason not to leave. */
    private CompletableFuture<Moment> lookAside() {
        CompletableFuture<Moment> moment = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        moment.complete(look());
                    } catch (FailureException | RuntimeException | Error e) {
                        moment.completeExceptionally(e);
                    }
                },
                "look");
        thread.setDaemon(true);
        thread.start();
        return moment;
    }

    /** What does not answer now may answer again: the last look stays, and the problem is on top of it. */
    private static List<AttributedString> frame(LiveScreen live, Optional<Moment> before, Moment now, String problem) {
        AttributedString first = problem.isEmpty()
                ? new AttributedString(heading() + "   q leaves")
                : new AttributedString(problem, AttributedStyle.DEFAULT.foreground(AttributedStyle.RED));
        List<AttributedString> lines = new ArrayList<>();
        lines.add(first.columnSubSequence(0, live.columns()));
        lines.addAll(new Screen(live.columns(), live.rows() - 1).lines(before, now));
        return lines;
    }

    private static String heading() {
        return "ramzswap " + LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Some seconds, from a tenth to an hour. */
    record Interval(long millis) {
        private static final Pattern FORM = Pattern.compile("[0-9]{1,10}(\\.[0-9]{1,10})?");
        private static final long LEAST_MILLIS = 100;
        private static final long MOST_MILLIS = 3_600_000;

        /** For options. */
        static final class Converter implements ITypeConverter<Interval> {
            @Override
            public Interval convert(String text) {
                if (FORM.matcher(text).matches()) {
                    long millis = new BigDecimal(text).movePointRight(3).longValue();
                    if (millis >= LEAST_MILLIS && millis <= MOST_MILLIS) {
                        return new Interval(millis);
                    }
                }
                throw new TypeConversionException("'" + text + "' is not a number of seconds from 0.1 to 3600");
            }
        }
    }
}

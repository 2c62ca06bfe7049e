package io.ramzswap.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.analyze.Advice;
import io.ramzswap.analyze.Analysis;
import io.ramzswap.analyze.Analyzer;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.host.ByteText;
import io.ramzswap.host.Host;
import io.ramzswap.host.UsableMemory;
import io.ramzswap.libc.LibraryMissingException;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tells how well this host's memory would compress, and which sizes to take. */
@Command(
        name = "analyze",
        description = {
            "Samples the memory of running processes, measures how well it compresses, and recommends sizes.",
            "Needs root. Reads only, and only pages that are in RAM; stores and prints nothing of what is in them."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AnalyzeCommand implements Callable<Integer> {
    private static final int MOST_PAGES = 500_000;
    private static final int PAGE_SIZE = SharedMemory.PAGE_BYTES;
    private static final double LITTLE_TO_GAIN = 0.8;
    private static final int KILOBYTE_SHIFT = 10;

    @ParentCommand
    private RzscontrolCommand rzscontrol;

    @Option(
            names = {"-p", "--pid"},
            paramLabel = "PID",
            split = ",",
            description = "Look at these processes only. Default: all but this one.")
    private List<Integer> pids;

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Read N pages at most, chosen at random, 1 to 500000. Default: ${DEFAULT-VALUE}.")
    private int sample;

    @Option(
            names = {"-J", "--json"},
            description = "Print JSON; docs/monitoring.md has the members.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws FailureException {
        if (sample < 1 || sample > MOST_PAGES) {
            throw new ParameterException(
                    spec.commandLine(), "--sample takes 1 to " + MOST_PAGES + " pages, not " + sample);
        }
        Host host = rzscontrol.host();
        Analysis analysis = analyse(host, processes(host));
        if (analysis.sampledPages() == 0) {
            throw nothingFound(analysis);
        }
        long ram = UsableMemory.of(host).totalBytes();
        spec.commandLine().getOut().print(json ? json(analysis, ram) : text(analysis, ram));
        return ExitStatus.OK;
    }

    private Analysis analyse(Host host, List<String> processes) throws FailureException {
        try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), Terminals.isStandardError())) {
            return new Analyzer(host.path("/proc"), sample, new Random().nextLong(), bar::at).analyse(processes);
        } catch (LibraryMissingException e) {
            throw new FailureException(ExitStatus.LIBRARY_MISSING, e.getMessage(), e);
        }
    }

    private List<String> processes(Host host) throws FailureException {
        if (pids == null) {
            String self = Long.toString(ProcessHandle.current().pid());
            return host.names("/proc", "[0-9]*").stream()
                    .filter(process -> !process.equals(self))
                    .toList();
        }
        for (int pid : pids) {
            if (!host.exists("/proc/" + pid)) {
                throw new FailureException(
                        ExitStatus.USAGE, "there is no process " + pid + "; ps -e shows those there are");
            }
        }
        return pids.stream().distinct().map(String::valueOf).toList();
    }

    private static FailureException nothingFound(Analysis analysis) {
        return analysis.unreadableProcesses() > 0
                ? new FailureException(
                        ExitStatus.NOT_PERMITTED,
                        "no permission to read the memory of " + processes(analysis.unreadableProcesses())
                                + ": run rzscontrol analyze as root")
                : new FailureException(
                        ExitStatus.USAGE, "these processes have no anonymous memory in RAM; choose others with --pid");
    }

    private static String processes(int count) {
        return count + (count == 1 ? " process" : " processes");
    }

    private static String text(Analysis analysis, long ram) {
        Formatter text = new Formatter(Locale.ROOT);
        text.format(
                "%s with %s of anonymous memory in RAM; %d of its %d pages were read.%n",
                processes(analysis.processes()),
                ByteText.of(analysis.anonymousPages() * PAGE_SIZE),
                analysis.sampledPages(),
                analysis.anonymousPages());
        if (analysis.unreadableProcesses() > 0) {
            text.format("%s may not be read: run it as root.%n", processes(analysis.unreadableProcesses()));
        }
        if (analysis.swappedPages() > 0) {
            text.format(
                    "%s more are in swap, and were left there.%n", ByteText.of(analysis.swappedPages() * PAGE_SIZE));
        }
        if (analysis.unvisitedPages() > 0) {
            text.format(
                    "%s more lie too far apart for this kernel to find, and were left out; Linux 6.7 finds them.%n",
                    ByteText.of(analysis.unvisitedPages() * PAGE_SIZE));
        }
        if (!analysis.isRepresentative()) {
            text.format("%s", doubt(analysis));
        }
        text.format("%n");
        text.format("zero         %5.1f %%%n", percent(analysis.zeroPages(), analysis));
        text.format(
                "same-filled  %5.1f %%  of one repeated word, not zero%n",
                percent(analysis.sameFilledPages(), analysis));
        text.format(
                "duplicate    %5.1f %%  like another page that was read; kept apart all the same%n",
                percent(analysis.duplicatePages(), analysis));
        for (Analysis.CompressorResult result : analysis.compressors()) {
            text.format("%s", text(result, analysis, ram));
        }
        return text.toString();
    }

    private static String reason(Advice.Why why) {
        return switch (why) {
            case MEASURED -> "a fifth to spare";
            case RULE -> "twice the memory and no more, because other pages may not shrink so well";
            case UNCERTAIN -> "as if they did not shrink, because the sample says too little";
        };
    }

    /** Why the sample says little. */
    private static String doubt(Analysis analysis) {
        long percent = Math.round(percent(analysis.largestProcessPages(), analysis));
        String reason = analysis.sampledPages() < Analysis.LEAST_PAGES
                        || analysis.processes() < Analysis.LEAST_PROCESSES
                ? "is small: " + analysis.sampledPages() + " pages of " + processes(analysis.processes()) + ", where "
                        + Analysis.LEAST_PAGES + " pages of " + processes(Analysis.LEAST_PROCESSES) + " are wanted"
                : "is one-sided: " + percent + " % of it are pages of one process, where "
                        + Analysis.MOST_OF_ONE_PERCENT + " % are the most that is wanted";
        return "The sample " + reason + ". Run it when the host does what it is for.\n";
    }

    private static String text(Analysis.CompressorResult result, Analysis analysis, long ram) {
        Formatter text = new Formatter(Locale.ROOT);
        double share = analysis.storedShare(result);
        text.format("%n");
        text.format("%s%n", result.name());
        text.format(
                "  takes           %5.1f %%  of the size of all of them, tables and gaps included: ratio %.2f%n",
                100 * share, 1 / share);
        text.format("  half or less    %5.1f %%%n", percent(result.halvedPages(), analysis));
        text.format("  incompressible  %5.1f %%  kept as they are%n", percent(result.incompressiblePages(), analysis));
        text.format("  time            %5.1f us a page, median%n", result.medianNanos() / 1e3);
        text.format("%n");
        Advice advice = Advice.of(share, ram, analysis.isRepresentative());
        if (share > LITTLE_TO_GAIN) {
            text.format("There is little to gain: such memory hardly shrinks.%n");
        } else if (ram > 0) {
            text.format(
                    "For %s of RAM: %s of such pages in %s of memory, %s.%n",
                    ByteText.of(ram),
                    ByteText.of(advice.diskSizeBytes()),
                    ByteText.of(advice.memLimitBytes()),
                    reason(advice.why()));
            text.format(
                    "  rzscontrol /dev/nbd0 --init --disksize_kb=%d --memlimit_kb=%d%s%n",
                    advice.diskSizeBytes() >> KILOBYTE_SHIFT,
                    advice.memLimitBytes() >> KILOBYTE_SHIFT,
                    result.name().equals(CompressorKind.DEFAULT.label()) ? "" : " --compressor=" + result.name());
        }
        return text.toString();
    }

    private static double percent(long pages, Analysis analysis) {
        return 100.0 * pages / analysis.sampledPages();
    }

    private static String json(Analysis analysis, long ram) {
        JsonObject answer = Json.members(analysis);
        JsonArray compressors = new JsonArray();
        for (Analysis.CompressorResult result : analysis.compressors()) {
            JsonObject compressor = Json.members(result);
            double share = analysis.storedShare(result);
            compressor.addProperty("ratio", Math.round(1000 / share) / 1000.0);
            Advice advice = Advice.of(share, ram, analysis.isRepresentative());
            compressor.addProperty("recommendedDiskSizeBytes", advice.diskSizeBytes());
            compressor.addProperty("recommendedMemLimitBytes", advice.memLimitBytes());
            compressors.add(compressor);
        }
        answer.addProperty("representative", analysis.isRepresentative());
        answer.add("compressors", compressors);
        return Json.text(answer);
    }
}

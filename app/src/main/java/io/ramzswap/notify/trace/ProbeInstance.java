package io.ramzswap.notify.trace;

import io.ramzswap.nbd.closing.Undo;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A tracing instance with buffers of its own, and in it one probe of a kernel function: nobody else's tracing is touched,
 * and nobody else's events come in. The probe starts disabled. For one thread.
 *
 * <p>Both outlive a process that is killed; they bear the name of what they are for, so that the next one finds and {@link
 * #removeLeftOver removes} them.
 */
public final class ProbeInstance implements AutoCloseable {
    private static final String PREFIX = "ramzswap-";
    /** The fill level of a CPU's buffer, in percent, at which a thread that waits for events is woken. */
    private static final int WAKE_PERCENT = 10;

    private static final String GROUP = "ramzswap";

    private final TraceFs tracing;
    private final String purpose;
    private final Path directory;

    private ProbeInstance(TraceFs tracing, String purpose) {
        this.tracing = tracing;
        this.purpose = purpose;
        this.directory = tracing.instances().resolve(PREFIX + purpose);
    }

    /**
     * The function and arguments to probe, in the terms of kprobetrace.rst.
     *
     * @param function entry of this function
     * @param arguments what is recorded
     * @param filter what is kept
     */
    public record Probe(String function, String arguments, String filter) {}

    /**
     * Makes both.
     *
     * @param purpose a name of letters and digits that no other live process uses
     * @param bufferKib for each processor
     * @throws IOException if the kernel refuses any of it; nothing is left behind
     */
    public static ProbeInstance create(TraceFs tracing, String purpose, Probe probe, int bufferKib) throws IOException {
        removeLeftOver(tracing, purpose);
        ProbeInstance instance = new ProbeInstance(tracing, purpose);
        try (Undo undo = new Undo()) {
            undo.with(purpose, left -> removeLeftOver(tracing, left));
            Files.createDirectory(instance.directory);
            instance.set("trace_clock", "mono");
            instance.set("buffer_size_kb", Integer.toString(bufferKib));
            instance.set("buffer_percent", Integer.toString(WAKE_PERCENT));
            TraceFs.write(tracing.probes(), "p:" + instance.event() + " " + probe.function() + " " + probe.arguments());
            instance.set(instance.eventFile("filter"), probe.filter());
            return undo.done(instance);
        }
    }

    /** Removes what a killed process has left, if there is anything. */
    public static void removeLeftOver(TraceFs tracing, String purpose) throws IOException {
        ProbeInstance instance = new ProbeInstance(tracing, purpose);
        if (Files.isDirectory(instance.directory)) {
            Files.delete(instance.directory);
        }
        String definition = "p:" + instance.event() + " ";
        if (Files.readAllLines(tracing.probes()).stream().anyMatch(line -> line.startsWith(definition))) {
            TraceFs.write(tracing.probes(), "-:" + instance.event());
        }
    }

    /** The purposes of all instances of this kind, whosoever they are. */
    public static List<String> purposes(TraceFs tracing) throws IOException {
        List<String> purposes = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(tracing.instances(), PREFIX + "*")) {
            found.forEach(path -> purposes.add(path.getFileName().toString().substring(PREFIX.length())));
        }
        return purposes;
    }

    private String event() {
        return GROUP + "/free_" + purpose;
    }

    private String eventFile(String name) {
        return "events/" + event() + "/" + name;
    }

    private void set(String file, String value) throws IOException {
        TraceFs.write(directory.resolve(file), value);
    }

    /** Lets the probe record, or not; disabled, it costs nothing. */
    public void enable(boolean enabled) throws IOException {
        set(eventFile("enable"), enabled ? "1" : "0");
    }

    /** Puts a line into the buffer, as an event of the kernel's own type "print". */
    public void mark(String text) throws IOException {
        set("trace_marker", text);
    }

    /** The format of the probe's events. */
    public FormatFile format() throws IOException {
        return FormatFile.read(directory.resolve(eventFile("format")));
    }

    /** The format of {@link #mark}'s events. */
    public FormatFile markFormat() throws IOException {
        return FormatFile.read(tracing.root().resolve("events/ftrace/print/format"));
    }

    /** The layout of the buffers. */
    public SubBufferLayout layout() throws IOException {
        return SubBufferLayout.of(FormatFile.read(tracing.root().resolve("events/header_page")));
    }

    /** The raw ends of the buffers, one for each processor. */
    public List<Path> pipes() throws IOException {
        List<Path> pipes = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory.resolve("per_cpu"), "cpu*")) {
            found.forEach(cpu -> pipes.add(cpu.resolve("trace_pipe_raw")));
        }
        return pipes;
    }

    /** Removes both. The pipes are closed. */
    @Override
    public void close() throws IOException {
        removeLeftOver(tracing, purpose);
    }
}

package io.ramzswap.process;

import io.ramzswap.libc.Libc;
import java.util.Optional;

/**
 * The settings that every thread of the process is to have, the JVM's own included, and can only inherit from the thread that started it: the
 * mark of {@link IoFlusher}, and signals held off by {@link StraySignals}. When {@code main} runs, the JVM's threads (compiler,
 * collector, VM) are there already, without it. So the running thread takes it and then executes the same program once more: it
 * survives that, and the thread becomes the one from which all others of the new JVM descend.
 */
public final class Inheritance {
    private static final String GONE =
            "it was there and is gone after the program was executed anew; something between kernel"
                    + " and JVM cleared it";

    private final IoFlusher flusher;
    private final StraySignals signals;
    private final SelfImage self;
    private final boolean marksThreads;

    /**
     * The outcome.
     *
     * @param ioFlusher whether every thread has the mark
     * @param signals whether every thread holds signals off
     */
    public record Outcome(Guard ioFlusher, Guard signals) {}

    /**
     * For this process.
     *
     * @param marksThreads whether threads are to have the mark
     */
    public Inheritance(Libc libc, SelfImage self, boolean marksThreads) {
        this.flusher = new IoFlusher(libc);
        this.signals = new StraySignals(libc);
        this.self = self;
        this.marksThreads = marksThreads;
    }

    /**
     * Sees to it that every thread has it. Call it early from {@code main}: in the ordinary case it does not return the first
     * time, but starts the program over.
     */
    public Outcome ensure() {
        if (self.isSecondRun()) {
            return new Outcome(
                    marksThreads && !flusher.isMarked()
                            ? flusher.mark().orElseGet(() -> IoFlusher.missing(GONE))
                            : Guard.HELD,
                    signals.areBlocked() ? Guard.HELD : missingSignals(GONE));
        }
        Optional<Guard> refused = marksThreads ? flusher.mark() : Optional.of(Guard.HELD);
        signals.block();
        String problem = "it is there for one thread only: executing the program anew failed (" + self.execute() + ")";
        return new Outcome(refused.orElseGet(() -> IoFlusher.missing(problem)), missingSignals(problem));
    }

    private static Guard missingSignals(String problem) {
        return Guard.missing(
                "a stray signal, such as SIGUSR1, ends the daemon with all its pages, because they are not held off: "
                        + problem);
    }
}

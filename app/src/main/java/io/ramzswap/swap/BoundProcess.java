package io.ramzswap.swap;

import io.ramzswap.process.ChildProcess;
import java.io.IOException;
import java.util.Optional;

/**
 * A process that does not outlive this one, as other children do: when a signal ends this one, the child is sent SIGTERM and
 * waited for. A swapoff that went on would take swap away behind everybody's back; one that gets a signal leaves it as it was.
 * Source: {@code try_to_unuse} in Linux mm/swapfile.c.
 */
final class BoundProcess implements AutoCloseable {
    private final Thread ending = new Thread(this::end, "end-child");
    private Optional<Process> process = Optional.empty();
    private boolean ended;

    /** Without a process yet. */
    BoundProcess() throws IOException {
        try {
            Runtime.getRuntime().addShutdownHook(ending);
        } catch (IllegalStateException e) {
            throw new IOException("this program is ending", e);
        }
    }

    /** Starts it. */
    synchronized Process start(ProcessBuilder builder) throws IOException {
        if (ended) {
            throw new IOException("this program is ending");
        }
        process = Optional.of(ChildProcess.start(builder));
        return process.get();
    }

    private void end() {
        Optional<Process> child;
        synchronized (this) {
            ended = true;
            child = process;
        }
        child.ifPresent(BoundProcess::end);
    }

    private static void end(Process child) {
        child.destroy();
        try {
            child.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets go of it: it has ended. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException e) {
            // The hook is at work.
        }
    }
}

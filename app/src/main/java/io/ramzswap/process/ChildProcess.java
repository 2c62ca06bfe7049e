package io.ramzswap.process;

import io.ramzswap.libc.Libc;
import java.io.IOException;

/** Other programs, which are to be reached by every signal, though the daemon holds most of them off. */
public final class ChildProcess {
    private static final SignalSet NONE = new SignalSet(0);

    private ChildProcess() {}

    /**
     * Starts one. A child inherits the mask of the thread that starts it, so this thread holds no signal off meanwhile; one
     * that comes just then runs the handler that {@link StraySignals} has set, which does nothing.
     */
    public static Process start(ProcessBuilder builder) throws IOException {
        SignalMask mask = new SignalMask(Libc.system());
        SignalSet before = mask.set(NONE);
        try {
            return builder.start();
        } finally {
            mask.set(before);
        }
    }
}

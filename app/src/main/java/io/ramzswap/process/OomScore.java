package io.ramzswap.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps the out-of-memory killer away. Source: proc_pid_oom_score_adj(5). */
public final class OomScore {
    private static final Path SELF = Path.of("/proc/self/oom_score_adj");
    private static final String NEVER = "-1000";

    private OomScore() {}

    /** Asks never to be chosen. */
    public static Guard lower() {
        return lower(SELF);
    }

    static Guard lower(Path file) {
        try {
            if (!Files.readString(file).strip().equals(NEVER)) {
                Files.writeString(file, NEVER);
            }
            return Guard.HELD;
        } catch (IOException e) {
            return Guard.missing("the kernel may choose this process when memory runs out: writing " + NEVER + " to "
                    + file
                    + " failed (" + e.getMessage() + "); run it as root with CAP_SYS_RESOURCE, or set OOMScoreAdjust="
                    + NEVER + " in its unit");
        }
    }
}

package io.ramzswap.shortage;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The kernel's out-of-memory killer, called by hand. It chooses as it always does: the program that takes most memory, with
 * its {@code oom_score_adj}, so never this daemon. The file stays open, because opening it takes memory. What is written there
 * takes effect whatever {@code kernel.sysrq} is. Source: Linux Documentation/admin-guide/sysrq.rst, {@code f}.
 */
final class OutOfMemoryKiller implements AutoCloseable {
    private static final int CALL = 'f';

    private final FileOutputStream trigger;

    private OutOfMemoryKiller(FileOutputStream trigger) {
        this.trigger = trigger;
    }

    /** Opens {@code sysrq-trigger} below {@code proc}, for whoever may. */
    static OutOfMemoryKiller open(Path proc) throws IOException {
        return new OutOfMemoryKiller(
                new FileOutputStream(proc.resolve("sysrq-trigger").toFile()));
    }

    /** Has the kernel end a program, soon. */
    void call() throws IOException {
        trigger.write(CALL);
    }

    @Override
    public void close() throws IOException {
        trigger.close();
    }
}

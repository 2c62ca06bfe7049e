package io.ramzswap.compress;

import io.ramzswap.nbd.closing.Undo;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the pages of a device are compressed with: new ones by the compressor that was chosen last, and pages that are there by
 * whichever made them. Thread-safe.
 */
public final class CompressorChoice {
    private final List<Compressors> open = new ArrayList<>();
    /** Every compressor that was ever chosen, because pages that it made may be there. */
    private final Set<CompressorKind> chosen = EnumSet.noneOf(CompressorKind.class);

    private volatile CompressorKind current;

    /** Begins with this one. */
    public CompressorChoice(CompressorKind first) {
        current = first;
        chosen.add(first);
    }

    /** The compressor of new pages. */
    public CompressorKind current() {
        return current;
    }

    /**
     * Chooses what new pages are compressed with, in all threads' {@link Compressors}.
     *
     * @throws io.ramzswap.libc.LibraryMissingException if its native library cannot be loaded; nothing has changed
     */
    public synchronized void choose(CompressorKind kind) {
        for (Compressors compressors : open) {
            compressors.add(kind);
        }
        chosen.add(kind);
        for (Compressors compressors : open) {
            compressors.use(kind);
        }
        current = kind;
    }

    /** Opens the compressors for one thread. */
    public synchronized Compressors open() {
        try (Undo undo = new Undo()) {
            Compressors compressors = undo.with(new Compressors(this), Compressors::close);
            chosen.forEach(compressors::add);
            compressors.use(current);
            open.add(compressors);
            return undo.done(compressors);
        }
    }

    synchronized void close(Compressors compressors) {
        open.remove(compressors);
    }
}

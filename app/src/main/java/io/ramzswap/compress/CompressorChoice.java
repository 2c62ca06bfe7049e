package io.ramzswap.compress;

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
    /** Those that have been chosen: pages may be there that they made. */
    private final Set<CompressorKind> chosen = EnumSet.noneOf(CompressorKind.class);

    private volatile CompressorKind current;

    /** Begins with this one. */
    public CompressorChoice(CompressorKind first) {
        current = first;
        chosen.add(first);
    }

    /** What new pages are compressed with. */
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
        Compressors compressors = new Compressors(this);
        try {
            for (CompressorKind kind : chosen) {
                compressors.add(kind);
            }
        } catch (RuntimeException | Error e) {
            compressors.close();
            throw e;
        }
        compressors.use(current);
        open.add(compressors);
        return compressors;
    }

    synchronized void close(Compressors compressors) {
        open.remove(compressors);
    }
}

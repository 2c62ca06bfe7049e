package io.ramzswap.nbd;

import java.nio.ByteBuffer;

/** An export whose writes do something else first. */
public final class HookedExport extends ForwardingExport {
    private final Export export;
    private final Hook hook;

    /** Runs before a write, in its thread; when it fails, so does the thread. */
    @FunctionalInterface
    public interface Hook {
        void beforeWrite(long offset) throws Exception;
    }

    public HookedExport(Export export, Hook hook) {
        super(export);
        this.export = export;
        this.hook = hook;
    }

    @Override
    public ExportSession open() {
        return new ForwardingSession(export.open()) {
            @Override
            public int write(long offset, int length, ByteBuffer source, int position) {
                try {
                    hook.beforeWrite(offset);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return super.write(offset, length, source, position);
            }
        };
    }
}

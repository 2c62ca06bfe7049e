package io.ramzswap.nbd.closing;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The steps that take back a start which fails half-way. A resource of a try statement: it carries them out in reverse when
 * the statement is left, unless {@link #done} was called before.
 *
 * <pre>
 * try (Undo undo = new Undo()) {
 *     Memory memory = undo.with(Memory.create(), Memory::close);
 *     Disk disk = undo.with(Disk.open(), Disk::close);
 *     return undo.done(new Device(memory, disk));
 * }
 * </pre>
 *
 * <p>For one thread.
 */
public final class Undo implements AutoCloseable {
    /** The end of something, which may fail. */
    @FunctionalInterface
    public interface Ending<T> {
        /** Ends it. */
        void end(T resource) throws Exception;
    }

    private final Deque<Step> steps = new ArrayDeque<>();

    private record Step(Ending<Object> ending, Object resource) {}

    /** Has {@code resource} ended if the start fails; returns it. */
    @SuppressWarnings("unchecked") // The ending is given nothing but that resource.
    public <T> T with(T resource, Ending<? super T> ending) {
        steps.push(new Step((Ending<Object>) ending, resource));
        return resource;
    }

    /** Has {@code step} carried out if the start fails. */
    public void step(Runnable step) {
        with(step, Runnable::run);
    }

    /** Forgets the steps, because the start has succeeded; returns its result. */
    public <T> T done(T result) {
        steps.clear();
        return result;
    }

    /**
     * Takes back what was not done; each step, whether others fail or not.
     *
     * @throws IllegalStateException if some failed; beside the failure of the start, which is what is thrown, it is suppressed
     */
    @Override
    public void close() {
        IllegalStateException failure = null;
        while (!steps.isEmpty()) {
            final Step step = steps.pop();
            try {
                step.ending.end(step.resource);
            } catch (Exception | Error e) {
                if (failure == null) {
                    failure = new IllegalStateException("cannot take back what was begun: " + e.getMessage());
                }
                failure.addSuppressed(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}

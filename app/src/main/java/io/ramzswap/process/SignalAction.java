package io.ramzswap.process;

import io.ramzswap.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The action on delivery of a signal: the C library's {@code struct sigaction} on x86-64 and AArch64. Source: sigaction(2).
 *
 * <pre>
 *   0          8                     136      140        144
 *   | handler  | mask, 1024 signals  | flags  | padding  | restorer |
 * </pre>
 *
 * @param structure a copy of it, which nobody changes
 */
record SignalAction(ByteBuffer structure) {
    private static final int FLAGS_OFFSET = 136;
    private static final int LENGTH = 152;
    private static final int SA_RESTART = 0x1000_0000;

    /** The kernel's default action. */
    static final SignalAction DEFAULT = new SignalAction(memory());

    /** Calls the function at an address with the signal's number, and restarts what it has interrupted. */
    static SignalAction calling(long function) {
        SignalAction action = new SignalAction(memory());
        action.structure.putLong(0, function).putInt(FLAGS_OFFSET, SA_RESTART);
        return action;
    }

    /** The present action. */
    static SignalAction of(Libc libc, int signal) {
        SignalAction action = new SignalAction(memory());
        libc.sigaction(signal, 0, Libc.address(action.structure));
        return action;
    }

    /** The same with the function at another address. */
    SignalAction withHandler(long function) {
        SignalAction action = new SignalAction(memory());
        action.structure.put(0, structure, 0, LENGTH).putLong(0, function);
        return action;
    }

    long handler() {
        return structure.getLong(0);
    }

    /** Whether the C library and the kernel take it; they refuse what is kept for themselves. */
    boolean install(Libc libc, int signal) {
        return libc.sigaction(signal, Libc.address(structure), 0) == 0;
    }

    private static ByteBuffer memory() {
        return ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.nativeOrder());
    }
}

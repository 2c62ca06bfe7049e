package io.ramzswap.process;

import io.ramzswap.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The signals that the calling thread holds off. Through the kernel's call and not the C library's, which leaves out the signals
 * that it keeps for itself. Source: rt_sigprocmask(2).
 */
final class SignalMask {
    private final Libc libc;

    SignalMask(Libc libc) {
        this.libc = libc;
    }

    /** Sets it, and returns what it was; whatever the kernel refuses leaves it as it was. */
    SignalSet set(SignalSet signals) {
        ByteBuffer memory = memory();
        memory.putLong(0, signals.bits());
        long address = Libc.address(memory);
        libc.syscall(Libc.SYS_RT_SIGPROCMASK, Libc.SIG_SETMASK, address, address + Long.BYTES, Long.BYTES, 0, 0);
        return new SignalSet(memory.getLong(Long.BYTES));
    }

    SignalSet get() {
        ByteBuffer memory = memory();
        libc.syscall(Libc.SYS_RT_SIGPROCMASK, Libc.SIG_SETMASK, 0, Libc.address(memory) + Long.BYTES, Long.BYTES, 0, 0);
        return new SignalSet(memory.getLong(Long.BYTES));
    }

    /** The new set and the old one. */
    private static ByteBuffer memory() {
        return ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
    }
}

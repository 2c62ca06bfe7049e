package io.ramzswap.process;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Drops SIGSEGV, SIGBUS, SIGFPE and SIGILL that a process has sent. The JVM takes them for a crash of its own, and ends. A fault
 * of an instruction has a positive {@code si_code}, what kill, sigqueue and tgkill send has not. Source: sigaction(2).
 *
 * <p>A handler cannot be Java, because a fault comes at any point of the JVM's own code. So it is the few instructions below, in
 * memory that can be executed and not written; they go on to the JVM's handler, with all arguments, unless the signal was sent.
 */
final class FaultFilter {
    private static final int PAGE = SharedMemory.PAGE_BYTES;

    /** The number of mmap(2), which {@link Libc#syscall} has to call. */
    private static final long MMAP = 9;

    /**
     * <pre>
     *   mov eax, [rsi + 8]      si_code of the second argument, siginfo_t
     *   test eax, eax
     *   jg +1
     *   ret
     *   movabs rax, HANDLER
     *   jmp rax
     * </pre>
     */
    private static final byte[] X86_64 = {
        (byte) 0x8b,
        0x46,
        0x08,
        (byte) 0x85,
        (byte) 0xc0,
        0x7f,
        0x01,
        (byte) 0xc3,
        0x48,
        (byte) 0xb8,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        (byte) 0xff,
        (byte) 0xe0
    };

    private static final int X86_64_HANDLER = 10;

    private final Libc libc;

    FaultFilter(Libc libc) {
        this.libc = libc;
    }

    /** Puts it before the handlers that are there. On other processors than x86-64, and where that is forbidden, does nothing. */
    void install() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return;
        }
        SignalSet.FAULTS.signals().forEach(signal -> {
            SignalAction before = SignalAction.of(libc, signal);
            if (before.handler() != 0) {
                code(before.handler())
                        .ifPresent(code -> before.withHandler(code).install(libc, signal));
            }
        });
    }

    /** The address of the filter before that handler. */
    private Optional<Long> code(long handler) {
        long page = libc.syscall(
                MMAP, 0, PAGE, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        if (page == -1) {
            return Optional.empty();
        }
        ByteBuffer code = Libc.memory(page, X86_64.length);
        code.put(0, X86_64).order(ByteOrder.LITTLE_ENDIAN).putLong(X86_64_HANDLER, handler);
        return libc.mprotect(page, PAGE, Libc.PROT_READ | Libc.PROT_EXEC) == 0 ? Optional.of(page) : Optional.empty();
    }
}

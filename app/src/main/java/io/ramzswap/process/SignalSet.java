package io.ramzswap.process;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A set of signals in the form of the kernel's {@code sigset_t}: bit n-1 stands for signal n. Source: signal(7); the numbers are
 * those of Linux on every architecture but Alpha, MIPS, PA-RISC and SPARC.
 */
record SignalSet(long bits) {
    static final int HIGHEST = 64;

    /** Sent by the kernel when an instruction fails: the JVM handles them, and needs them on every thread. */
    static final SignalSet FAULTS = of(4, 7, 8, 11);

    /**
     * The real-time signals that the C library keeps for itself. It lets every thread receive them, and sets a handler only
     * before it uses them, which a Java program does not have it do.
     */
    static final SignalSet OF_THE_C_LIBRARY = of(32, 33);

    /** SIGRTMAX-2, with which Java wakes a thread that waits in a system call. Its handler does nothing. */
    static final int JAVA_WAKE_UP = 62;

    /**
     * Never delivered to the daemon: every signal that would end or stop it by default, and that neither the JVM nor the daemon
     * handles. What is left out: SIGHUP, SIGINT, SIGQUIT and SIGTERM, SIGPIPE and SIGXFSZ, which are handled; SIGCHLD, SIGCONT,
     * SIGURG and SIGWINCH, which do nothing; SIGKILL and SIGSTOP, which cannot be held off; {@link #FAULTS};
     * {@link #JAVA_WAKE_UP}; and {@link #OF_THE_C_LIBRARY}.
     */
    static final SignalSet STRAYS = new SignalSet(
            ~(of(1, 2, 3, 15, 13, 25, 17, 18, 23, 28, 9, 19, JAVA_WAKE_UP).bits | FAULTS.bits | OF_THE_C_LIBRARY.bits));

    private static final int FIRST_REAL_TIME = 34;

    private static final List<String> NAMES = List.of(
            ("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG"
                            + " XCPU XFSZ VTALRM PROF WINCH IO PWR SYS")
                    .split(" "));

    static SignalSet of(int... signals) {
        return new SignalSet(IntStream.of(signals).mapToLong(SignalSet::bit).reduce(0, (a, b) -> a | b));
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }

    boolean contains(int signal) {
        return (bits & bit(signal)) != 0;
    }

    boolean containsAll(SignalSet others) {
        return (others.bits & ~bits) == 0;
    }

    IntStream signals() {
        return IntStream.rangeClosed(1, HIGHEST).filter(this::contains);
    }

    /** The name of a signal as users write it: SIGUSR1, SIGRTMIN+2. */
    static String name(int signal) {
        if (signal >= 1 && signal <= NAMES.size()) {
            return "SIG" + NAMES.get(signal - 1);
        }
        return signal > FIRST_REAL_TIME
                ? "SIGRTMIN+" + (signal - FIRST_REAL_TIME)
                : signal == FIRST_REAL_TIME ? "SIGRTMIN" : "signal " + signal;
    }
}

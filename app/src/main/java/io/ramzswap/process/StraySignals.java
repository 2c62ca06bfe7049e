package io.ramzswap.process;

import io.ramzswap.host.ProcFile;
import io.ramzswap.libc.Errno;
import io.ramzswap.libc.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps signals that nobody meant for it from ending or stopping the daemon, because every page in it would be lost.
 *
 * <ul>
 *   <li>All threads hold {@link SignalSet#STRAYS} off. They inherit that from the first thread, which had it when the program
 *       was {@linkplain Inheritance executed once more}. One thread of ours takes those signals from the kernel and logs them.
 *       A signal that was sent to one thread alone stays pending there, unseen and without effect.
 *   <li>The JVM has one signal of its own, to suspend threads for its flight recorder, and lets every thread receive it; its
 *       handler crashes on a thread that is not Java's. The daemon tells the JVM to take {@code SIGURG}, and then gives that its
 *       default again, which is to do nothing. The runtime has no flight recorder.
 *   <li>Java's libraries have another, {@link SignalSet#JAVA_WAKE_UP}, whose handler does nothing. Until it is there, ours is.
 *   <li>{@link SignalSet#OF_THE_C_LIBRARY} are ignored.
 *   <li>A fault, such as SIGSEGV, can be held off by no thread, because the JVM's own code relies on it. A signal of that number
 *       that a process has sent is dropped by {@link FaultFilter}.
 * </ul>
 *
 * Source: signal(7), signalfd(2), sigaction(2); {@code SR_initialize} in HotSpot's signals_posix.cpp.
 */
public final class StraySignals {
    /** Tells the JVM which signal to take for itself; read when the JVM starts. */
    static final String JVM_SIGNAL_VARIABLE = "_JAVA_SR_SIGNUM";

    static final int SIGURG = 23;

    private static final Logger LOG = LoggerFactory.getLogger(StraySignals.class);

    /** From so many signals of one kind on, only the 32nd, 64th, 128th and so on is logged. */
    private static final long LOGGED_ONE_BY_ONE = 16;

    private static final long RT_SIGACTION = System.getProperty("os.arch").equals("aarch64") ? 134 : 13;

    /** The kernel's {@code struct sigaction}: handler, flags, restorer and mask. */
    private static final int KERNEL_ACTION_LENGTH = 4 * Long.BYTES;

    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    /** {@code struct signalfd_siginfo}. */
    private static final int INFO_LENGTH = 128;

    private static final int CODE_OFFSET = 8;
    private static final int PROCESS_OFFSET = 12;
    private static final int USER_OFFSET = 16;

    /** Codes up to this one are those of signals that a process has sent by kill, sigqueue or tgkill. */
    private static final int SI_USER = 0;

    private static final int SI_KERNEL = 0x80;

    private final Libc libc;
    private final SignalMask mask;
    private final long[] counts = new long[SignalSet.HIGHEST + 1];

    /** For this process. */
    public StraySignals(Libc libc) {
        this.libc = libc;
        this.mask = new SignalMask(libc);
    }

    /**
     * Holds them off in the calling thread, and in those that it will start, and no others. What it ignores instead is ignored in
     * the program that it executes next, too.
     */
    void block() {
        SignalSet.OF_THE_C_LIBRARY.signals().forEach(this::ignoreUnlessHandled);
        mask.set(SignalSet.STRAYS);
    }

    /** Through the kernel's call: the C library's sigaction refuses these signals. */
    private void ignoreUnlessHandled(int signal) {
        ByteBuffer action = ByteBuffer.allocateDirect(KERNEL_ACTION_LENGTH).order(ByteOrder.nativeOrder());
        long address = Libc.address(action);
        libc.syscall(RT_SIGACTION, signal, 0, address, Long.BYTES, 0, 0);
        if (action.getLong(0) == SIG_DFL) {
            action.putLong(0, SIG_IGN);
            libc.syscall(RT_SIGACTION, signal, address, 0, Long.BYTES, 0, 0);
        }
    }

    boolean areBlocked() {
        return mask.get().containsAll(SignalSet.STRAYS);
    }

    /**
     * Has them logged from now on, by a thread of its own. Call it once all other threads inherit that signals are held off.
     *
     * @param threads makes the thread
     */
    public void log(ThreadFactory threads) {
        haveHarmlessHandlers();
        new FaultFilter(libc).install();
        ByteBuffer set = ByteBuffer.allocateDirect(INFO_LENGTH).order(ByteOrder.nativeOrder());
        set.putLong(0, SignalSet.STRAYS.bits());
        int descriptor = libc.signalfd(-1, Libc.address(set), Libc.SFD_CLOEXEC);
        if (descriptor < 0) {
            LOG.warn("signals are ignored without a line in the log: signalfd: {}", libc.lastError());
            return;
        }
        Thread thread = threads.newThread(() -> read(descriptor));
        thread.setName("signals");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * A signal that is held off does not run its handler. The handlers are for a thread that holds none off for a moment, in
     * {@link ChildProcess}. They are a function that does nothing with a number, and not "ignore", which a child would inherit.
     */
    private void haveHarmlessHandlers() {
        SignalAction nothing = SignalAction.calling(Libc.function("abs"));
        SignalSet.STRAYS.signals().forEach(signal -> nothing.install(libc, signal));
        if (SignalAction.of(libc, SignalSet.JAVA_WAKE_UP).handler() == SIG_DFL) {
            nothing.install(libc, SignalSet.JAVA_WAKE_UP);
        }
        SignalAction.DEFAULT.install(libc, SIGURG);
    }

    private void read(int descriptor) {
        ByteBuffer info = ByteBuffer.allocateDirect(INFO_LENGTH).order(ByteOrder.nativeOrder());
        long address = Libc.address(info);
        long length = libc.read(descriptor, address, INFO_LENGTH);
        while (length == INFO_LENGTH || (length < 0 && libc.errno() == Errno.EINTR)) {
            if (length == INFO_LENGTH) {
                tell(info);
            }
            length = libc.read(descriptor, address, INFO_LENGTH);
        }
        LOG.warn("signals are ignored without a line in the log from now on: reading them failed");
    }

    private void tell(ByteBuffer info) {
        int signal = info.getInt(0);
        long count = ++counts[signal];
        if (count <= LOGGED_ONE_BY_ONE) {
            LOG.warn("{} of {} is ignored: SIGTERM stops the daemon", SignalSet.name(signal), sender(info));
        } else if (Long.bitCount(count) == 1) {
            LOG.warn("{} of {} is ignored, as {} before it", SignalSet.name(signal), sender(info), count - 1);
        }
    }

    private static String sender(ByteBuffer info) {
        int code = info.getInt(CODE_OFFSET);
        if (code == SI_KERNEL) {
            return "the kernel";
        }
        if (code > SI_USER) {
            return "the kernel (code " + code + ")";
        }
        int process = info.getInt(PROCESS_OFFSET);
        return "process " + process + nameOf(process) + ", user " + Integer.toUnsignedString(info.getInt(USER_OFFSET));
    }

    /** Its name in parentheses; nothing if it has ended. */
    private static String nameOf(int process) {
        try {
            return ProcFile.lines(Path.of("/proc", Integer.toString(process), "comm")).stream()
                    .findFirst()
                    .map(name -> " (" + name.replaceAll("[^ -~]", "?") + ")")
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}

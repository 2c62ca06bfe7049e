package io.ramzswap.process;

import io.ramzswap.libc.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets a thread that answers the kernel have memory when nobody else gets any. To send an answer through a socket the kernel
 * allocates memory in the sender's name; at the minimum watermark an ordinary thread then waits until memory is freed, and
 * what would free it is waiting for that answer. A real-time thread may take half of what lies below that watermark.
 * Source: {@code gfp_to_alloc_flags} in Linux mm/page_alloc.c; sched_setscheduler(2).
 */
public final class RealTimePriority {
    private static final int LOWEST_PRIORITY = 1;

    private final Libc libc;

    /** Through this library. */
    public RealTimePriority(Libc libc) {
        this.libc = libc;
    }

    /** Whether {@link #take} will work, found out in a thread that then ends. */
    public Guard probe() throws InterruptedException {
        AtomicReference<Guard> outcome = new AtomicReference<>();
        Thread thread = new Thread(() -> outcome.set(take()), "priority-probe");
        thread.start();
        thread.join();
        return outcome.get();
    }

    /** Gives the calling thread the lowest real-time priority. Threads that it starts do not inherit it. */
    public Guard take() {
        ByteBuffer parameter = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        parameter.putInt(0, LOWEST_PRIORITY);
        int policy = Libc.SCHED_RR | Libc.SCHED_RESET_ON_FORK;
        if (libc.sched_setscheduler(0, policy, Libc.address(parameter)) == 0) {
            return Guard.HELD;
        }
        int errno = libc.errno();
        return Guard.missing("answers to the kernel may wait for the very memory that they free: sched_setscheduler: "
                + libc.strerror(errno) + "; run it as root with CAP_SYS_NICE, or set LimitRTPRIO=1 in its unit");
    }
}

package io.ramzswap.nbd.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadEndTest {
    @Test
    void shouldWaitForTheEndThroughAnInterruptAndKeepThat() {
        CountDownLatch waiting = new CountDownLatch(1);
        Thread waiter = Thread.currentThread();
        Thread user = new Thread(() -> {
            // The interrupt is consumed by the waiter's first join before this thread goes on.
            waiter.interrupt();
            while (waiter.isInterrupted()) {
                Thread.onSpinWait();
            }
            waiting.countDown();
        });
        user.start();
        ThreadEnd.await(user);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(user.isAlive()).isFalse();
        assertThat(waiting.getCount()).isZero();
    }

    @Test
    void shouldReturnAtOnceForAThreadThatNeverStarted() {
        ThreadEnd.await(new Thread(() -> {}));
        assertThat(Thread.interrupted()).isFalse();
    }
}

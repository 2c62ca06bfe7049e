package io.ramzswap.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AnswerCheckTest {
    private static final long LONG_ENOUGH_MILLIS = 30_000;

    @TempDir
    private Path queues;

    private final Set<Integer> read = ConcurrentHashMap.newKeySet();

    @Test
    void shouldReadOnceOnAProcessorOfEachConnection() throws IOException {
        QueueProcessorsTest.show(queues, 0, "0, 2\n");
        QueueProcessorsTest.show(queues, 1, "1-3\n");
        QueueProcessorsTest.show(queues, 2, "\n");

        assertThat(new AnswerCheck(queues, read::add, LONG_ENOUGH_MILLIS).countDeaf())
                .isZero();
        assertThat(read).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void shouldCountConnectionsWithoutAnswer() throws IOException {
        QueueProcessorsTest.show(queues, 0, "0\n");
        QueueProcessorsTest.show(queues, 1, "1\n");
        QueueProcessorsTest.show(queues, 2, "2\n");
        final CountDownLatch detached = new CountDownLatch(1);
        final AnswerCheck check = new AnswerCheck(
                queues,
                processor -> {
                    try {
                        if (processor != 1) {
                            detached.await();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                500);

        assertThat(check.countDeaf()).isEqualTo(2);
        detached.countDown();
    }

    @Test
    void shouldTryAnotherProcessorOfTheConnection() throws IOException {
        QueueProcessorsTest.show(queues, 0, "0, 4\n");
        final AnswerCheck check = new AnswerCheck(
                queues,
                processor -> {
                    if (processor == 0) {
                        throw new IOException("offline");
                    }
                    read.add(processor);
                },
                LONG_ENOUGH_MILLIS);

        assertThat(check.countDeaf()).isZero();
        assertThat(read).containsExactly(4);
    }
}

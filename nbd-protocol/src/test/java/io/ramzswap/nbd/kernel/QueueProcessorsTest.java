package io.ramzswap.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueProcessorsTest {
    @TempDir
    private Path queues;

    /** As sysfs shows a queue. */
    static void show(Path queues, int number, String processors) throws IOException {
        Files.writeString(
                Files.createDirectories(queues.resolve(Integer.toString(number)))
                        .resolve("cpu_list"),
                processors);
    }

    @Test
    void shouldTellThoseOfEachQueueByItsNumber() throws IOException {
        for (int number = 0; number < 12; number++) {
            show(queues, number, number + ", " + (number + 16) + "\n");
        }
        assertThat(QueueProcessors.of(queues)).hasSize(12);
        assertThat(QueueProcessors.of(queues).get(10).stream()).containsExactly(10, 26);
    }

    @Test
    void shouldUnderstandRanges() throws IOException {
        show(queues, 0, "0-2, 7,9\n");
        assertThat(QueueProcessors.of(queues).get(0).stream()).containsExactly(0, 1, 2, 7, 9);
    }

    @Test
    void shouldLeaveOutQueuesWithoutProcessors() throws IOException {
        show(queues, 0, "0\n");
        show(queues, 1, "\n");
        assertThat(QueueProcessors.of(queues)).containsOnlyKeys(0);
    }
}

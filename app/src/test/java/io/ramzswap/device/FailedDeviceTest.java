package io.ramzswap.device;

import static io.ramzswap.device.TestPages.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.cipher.CipherKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device that cannot be made, wherever that shows: no memory and no thread of it is left. */
@Timeout(60)
class FailedDeviceTest {
    private static final int SLOTS = 1024;
    private static final DeviceSettings SETTINGS = new DeviceSettings((long) SLOTS * PAGE, 2 << 20, true);

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Queue<Throwable> deaths = new ConcurrentLinkedQueue<>();

    private static List<String> mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("memfd:ramzswap")).toList();
        }
    }

    private Thread newThread(Runnable task, IntConsumer hook) {
        hook.accept(threads.size());
        Thread thread = new Thread(task);
        thread.setUncaughtExceptionHandler((dead, failure) -> deaths.add(failure));
        threads.add(thread);
        return thread;
    }

    private void assertThatNothingIsLeft(BackingSwap swap, IntConsumer hook, String message) throws IOException {
        List<String> before = mappings();
        assertThatThrownBy(
                        () -> RamzswapDevice.create("rz0", SETTINGS, Optional.of(swap), task -> newThread(task, hook)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThat(threads).noneMatch(Thread::isAlive);
        assertThat(mappings()).isEqualTo(before);
    }

    private static BackingSwap swap(BackingLayout layout) {
        return new FaultyFile(SLOTS).swap(new BackingOptions(layout, true));
    }

    /** The arena's, the compactor's, and the one that moves pages. */
    @ParameterizedTest(name = "thread {0}")
    @CsvSource({"LOG, 0", "LOG, 1", "LOG, 2", "LINEAR, 0", "LINEAR, 1"})
    void shouldLeaveNothingBehindWithoutAThread(BackingLayout layout, int number) throws IOException {
        IntConsumer hook = thread -> {
            if (thread == number) {
                throw new IllegalStateException("no thread");
            }
        };
        try (BackingSwap swap = swap(layout)) {
            assertThatNothingIsLeft(swap, hook, "no thread");
        }
    }

    /** The last thread finds it gone, too, if it is still there when the log is opened. */
    @ParameterizedTest(name = "{0}, before thread {1}")
    @CsvSource({"LOG, 0, 1", "LOG, 2, 1", "LOG, -1, 0", "LINEAR, 0, 0", "LINEAR, -1, 0"})
    void shouldLeaveNothingBehindWithoutAKey(BackingLayout layout, int number, int dead) throws IOException {
        try (BackingSwap swap = swap(layout)) {
            IntConsumer hook = thread -> {
                if (thread == number) {
                    swap.key().ifPresent(CipherKey::close);
                }
            };
            hook.accept(-1);
            assertThatNothingIsLeft(swap, hook, "the key is gone");
        }
        assertThat(deaths).hasSize(dead).allSatisfy(death -> assertThat(death).hasMessage("the key is gone"));
    }
}

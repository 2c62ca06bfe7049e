package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Libc;
import io.ramzswap.libc.PlayedLibc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LockedStackTest {
    /** What every user may lock at least, since Linux 5.16: 8 MiB; the stack of one thread is less. */
    private static final long STACK_KILOBYTES = 1024;

    @Test
    void shouldLockTheStackOfTheCallingThread() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        long before = lockedKilobytes();

        assertThat(thread.submit(() -> new LockedStack(Libc.system()).take()).get())
                .isTrue();
        assertThat(lockedKilobytes() - before).isBetween(STACK_KILOBYTES / 2, 2 * STACK_KILOBYTES);
        thread.shutdown();
    }

    @Test
    void shouldGoOnWhereTheHostForbidsIt() {
        PlayedLibc forbidding = new PlayedLibc() {
            @Override
            public int mlock(long address, long length) {
                return forbid("mlock", 12);
            }
        };

        assertThat(new LockedStack(forbidding).take()).isFalse();
        assertThat(forbidding.calls())
                .containsExactly("pthread_getattr_np 1", "pthread_attr_getstack", "pthread_attr_destroy", "mlock");
    }

    private static long lockedKilobytes() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        String locked = status.stream()
                .filter(line -> line.startsWith("VmLck:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(locked.replaceAll("[^0-9]", ""));
    }
}

package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Errno;
import io.ramzswap.libc.PlayedLibc;
import org.junit.jupiter.api.Test;

class IoFlusherTest {
    @Test
    void shouldMarkTheThread() {
        PlayedLibc unmarked = new PlayedLibc();

        assertThat(new IoFlusher(unmarked).mark()).isEmpty();
        assertThat(unmarked.calls()).containsExactly("prctl 57 1");
    }

    @Test
    void shouldSayWhichCapabilityIsMissing() {
        assertThat(new IoFlusher(refusing(Errno.EPERM)).mark())
                .contains(Guard.missing(
                        "allocations of this process may wait for the very swap that it serves: PR_SET_IO_FLUSHER: error 1;"
                                + " run it as root with CAP_SYS_RESOURCE"));
    }

    @Test
    void shouldSayThatTheKernelIsTooOld() {
        assertThat(new IoFlusher(refusing(Errno.EINVAL)).mark())
                .contains(Guard.missing(
                        "allocations of this process may wait for the very swap that it serves: PR_SET_IO_FLUSHER: error 22;"
                                + " it needs Linux 5.6 or later"));
    }

    static PlayedLibc refusing(int reason) {
        return new PlayedLibc() {
            @Override
            public int prctl(int option, long argument2, long argument3, long argument4, long argument5) {
                return forbid("prctl", reason);
            }
        };
    }
}

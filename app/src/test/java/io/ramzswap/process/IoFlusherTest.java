package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Errno;
import org.junit.jupiter.api.Test;

class IoFlusherTest {
    @Test
    void shouldHoldWhenTheThreadIsMarkedAlready() {
        PlayedLibc marked = new PlayedLibc() {
            @Override
            public int prctl(int option, long argument2, long argument3, long argument4, long argument5) {
                super.prctl(option, argument2, argument3, argument4, argument5);
                return option == PR_GET_IO_FLUSHER ? 1 : 0;
            }
        };

        assertThat(new IoFlusher(marked, new SelfImage(marked)).ensure()).isEqualTo(Guard.HELD);
        assertThat(marked.calls()).containsExactly("prctl 58 0");
    }

    @Test
    void shouldMarkTheThreadAndStartTheProgramOver() {
        PlayedLibc unmarked = new PlayedLibc();

        assertThat(new IoFlusher(unmarked, new SelfImage(unmarked)).ensure().problem())
                .startsWith(
                        "allocations of this process may wait for the very swap that it serves: PR_SET_IO_FLUSHER is set for"
                                + " one thread only: executing the program anew failed (execve ")
                .endsWith("/java: error 13)");
        assertThat(unmarked.calls()).containsExactly("prctl 58 0", "prctl 57 1", "execve");
    }

    @Test
    void shouldSayWhichCapabilityIsMissing() {
        assertThat(refusedWith(Errno.EPERM))
                .isEqualTo(Guard.missing(
                        "allocations of this process may wait for the very swap that it serves: PR_SET_IO_FLUSHER: error 1;"
                                + " run it as root with CAP_SYS_RESOURCE"));
    }

    @Test
    void shouldSayThatTheKernelIsTooOld() {
        assertThat(refusedWith(Errno.EINVAL))
                .isEqualTo(Guard.missing(
                        "allocations of this process may wait for the very swap that it serves: PR_SET_IO_FLUSHER: error 22;"
                                + " it needs Linux 5.6 or later"));
    }

    private static Guard refusedWith(int reason) {
        PlayedLibc refusing = new PlayedLibc() {
            @Override
            public int prctl(int option, long argument2, long argument3, long argument4, long argument5) {
                return forbid("prctl", reason);
            }
        };
        return new IoFlusher(refusing, new SelfImage(refusing)).ensure();
    }
}

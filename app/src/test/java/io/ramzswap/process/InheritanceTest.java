package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Errno;
import io.ramzswap.libc.PlayedLibc;
import org.junit.jupiter.api.Test;

class InheritanceTest {
    private static final String MASK =
            "syscall " + (System.getProperty("os.arch").equals("aarch64") ? "135 2" : "14 2");

    @Test
    void shouldPrepareTheThreadAndStartTheProgramOver() {
        PlayedLibc host = new PlayedLibc();

        Inheritance.Outcome outcome = new Inheritance(host, new SelfImage(host), true).ensure();

        assertThat(outcome.ioFlusher().problem())
                .startsWith(
                        "allocations of this process may wait for the very swap that it serves: PR_SET_IO_FLUSHER: it is"
                                + " there for one thread only: executing the program anew failed (execve ")
                .endsWith("/java: error 13)");
        assertThat(outcome.signals().problem())
                .startsWith("a stray signal, such as SIGUSR1, ends the daemon with all its pages")
                .endsWith("/java: error 13)");
        assertThat(host.calls()).containsSubsequence("prctl 57 1", MASK, "execve");
    }

    @Test
    void shouldStartTheProgramOverWithoutTheMarkWhereThatIsForbidden() {
        PlayedLibc host = IoFlusherTest.refusing(Errno.EPERM);

        Inheritance.Outcome outcome = new Inheritance(host, new SelfImage(host), true).ensure();

        assertThat(outcome.ioFlusher().problem()).endsWith("run it as root with CAP_SYS_RESOURCE");
        assertThat(host.calls()).containsSubsequence("prctl", MASK, "execve");
    }

    @Test
    void shouldHoldOffSignalsInAnExperimentWithoutTheMark() {
        PlayedLibc host = new PlayedLibc();

        Inheritance.Outcome outcome = new Inheritance(host, new SelfImage(host), false).ensure();

        assertThat(outcome.ioFlusher()).isEqualTo(Guard.HELD);
        assertThat(host.calls()).containsSubsequence(MASK, "execve").noneMatch(call -> call.startsWith("prctl"));
    }
}

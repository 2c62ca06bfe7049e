package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Errno;
import org.junit.jupiter.api.Test;

class RealTimePriorityTest {
    @Test
    void shouldHoldWhereTheHostAllowsIt() {
        PlayedLibc host = new PlayedLibc();

        assertThat(new RealTimePriority(host).take()).isEqualTo(Guard.HELD);
        assertThat(host.calls()).containsExactly("sched_setscheduler");
    }

    @Test
    void shouldSayWhatIsMissing() {
        PlayedLibc host = new PlayedLibc() {
            @Override
            public int sched_setscheduler(int pid, int policy, long parameter) {
                return forbid("sched_setscheduler", Errno.EPERM);
            }
        };

        assertThat(new RealTimePriority(host).take())
                .isEqualTo(Guard.missing("answers to the kernel may wait for the very memory that they free:"
                        + " sched_setscheduler: error 1; run it as root with CAP_SYS_NICE, or set LimitRTPRIO=1 in its"
                        + " unit"));
    }
}

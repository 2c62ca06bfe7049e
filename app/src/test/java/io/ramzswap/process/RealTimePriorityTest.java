package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Errno;
import io.ramzswap.libc.PlayedLibc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RealTimePriorityTest {
    @Test
    void shouldHoldWhereTheHostAllowsIt() {
        PlayedLibc host = new PlayedLibc();

        assertThat(new RealTimePriority(host).take()).isEqualTo(Guard.HELD);
        assertThat(host.calls()).containsExactly("sched_setscheduler");
    }

    @Test
    void shouldFindOutInAThreadOfItsOwn() throws InterruptedException {
        List<Thread> askedIn = new ArrayList<>();
        PlayedLibc host = new PlayedLibc() {
            @Override
            public int sched_setscheduler(int pid, int policy, long parameter) {
                askedIn.add(Thread.currentThread());
                return 0;
            }
        };

        assertThat(new RealTimePriority(host).probe()).isEqualTo(Guard.HELD);
        assertThat(askedIn).hasSize(1).doesNotContain(Thread.currentThread()).noneMatch(Thread::isAlive);
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

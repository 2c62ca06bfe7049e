package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Errno;
import io.ramzswap.libc.PlayedLibc;
import org.junit.jupiter.api.Test;

class HibernationBlockTest {
    @Test
    void shouldOpenSecretMemoryThatNoOtherProgramInherits() {
        PlayedLibc host = new PlayedLibc();

        assertThat(new HibernationBlock(host).take()).isEqualTo(Guard.HELD);
        assertThat(host.calls()).containsExactly("syscall 447 524288");
    }

    @Test
    void shouldSayWhatAKernelThatCannotBeToldNeeds() {
        PlayedLibc host = new PlayedLibc() {
            @Override
            public long syscall(
                    long number,
                    long argument1,
                    long argument2,
                    long argument3,
                    long argument4,
                    long argument5,
                    long argument6) {
                return forbid("syscall", Errno.EINVAL);
            }
        };

        assertThat(new HibernationBlock(host).take())
                .isEqualTo(
                        Guard.missing(
                                "the kernel may hibernate while this daemon serves swap, and hang: memfd_secret:"
                                        + " error 22; it needs Linux 6.5 or later, or secretmem.enable=1 on the kernel's command line"));
    }
}

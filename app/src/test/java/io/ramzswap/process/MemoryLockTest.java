package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Errno;
import io.ramzswap.libc.Libc;
import io.ramzswap.libc.PlayedLibc;
import org.junit.jupiter.api.Test;

class MemoryLockTest {
    private static final int CURRENT = 1;
    private static final int ALL_ON_FAULT = 1 | 2 | 4;

    @Test
    void shouldBringInWhatIsMappedAndLockWhatWillBe() {
        PlayedLibc host = new PlayedLibc();

        assertThat(new MemoryLock(host).take()).isEqualTo(Guard.HELD);
        assertThat(host.calls()).containsExactly("setrlimit 8", "mlockall 1", "mlockall 7");
    }

    @Test
    void shouldSayWhichLimitToRaise() {
        assertThat(new MemoryLock(new Limited(CURRENT, Errno.ENOMEM, 8L << 20)).take())
                .isEqualTo(Guard.missing(
                        "memory is not locked: mlockall(MCL_CURRENT): error 12; RLIMIT_MEMLOCK is 8192 KiB: set"
                                + " LimitMEMLOCK=infinity in its unit, run `ulimit -l unlimited` before it, or grant"
                                + " CAP_IPC_LOCK"));
    }

    @Test
    void shouldLockNothingWhenItCannotLockWhatWillBe() {
        Limited host = new Limited(ALL_ON_FAULT, Errno.EINVAL, -1);

        assertThat(new MemoryLock(host).take())
                .isEqualTo(
                        Guard.missing(
                                "memory is not locked: mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT): error 22; see mlockall(2)"));
        assertThat(host.calls()).endsWith("munlockall");
    }

    @Test
    void shouldSayThatTheLimitIsNotTheReason() {
        assertThat(new MemoryLock(new Limited(CURRENT, Errno.EPERM, -1)).take().problem())
                .contains("RLIMIT_MEMLOCK is unlimited");
    }

    /** A host that refuses one way of locking, and has a limit. */
    private static final class Limited extends PlayedLibc {
        private final int refusedFlags;
        private final int reason;
        private final long limitBytes;

        Limited(int refusedFlags, int reason, long limitBytes) {
            this.refusedFlags = refusedFlags;
            this.reason = reason;
            this.limitBytes = limitBytes;
        }

        @Override
        public int mlockall(int flags) {
            return flags == refusedFlags ? forbid("mlockall " + flags, reason) : super.mlockall(flags);
        }

        @Override
        public int getrlimit(int resource, long limitAddress) {
            Libc.memory(limitAddress, 16).putLong(0, limitBytes).putLong(8, limitBytes);
            return super.getrlimit(resource, limitAddress);
        }
    }
}

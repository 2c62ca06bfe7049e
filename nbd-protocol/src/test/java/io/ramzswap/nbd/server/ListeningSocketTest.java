package io.ramzswap.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.ForwardingLibc;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListeningSocketTest {
    private static final int LISTENING = 1000;
    private static final int CLIENT = 1001;

    /** A host whose accept4 fails with these error numbers, one after the other, before a client comes. */
    private static final class Refusing extends ForwardingLibc {
        private final Deque<Integer> reasons;

        Refusing(Integer... reasons) {
            this.reasons = new ArrayDeque<>(List.of(reasons));
        }

        @Override
        public int accept4(int fd, long address, long length, int flags) {
            return reasons.isEmpty() ? CLIENT : failWith(reasons.remove());
        }
    }

    private static int accept(Integer... reasons) throws IOException {
        return new ListeningSocket(new Refusing(reasons), LISTENING).accept();
    }

    @Test
    void shouldAcceptTheNextClientAfterOneThatWentAwayOrASignal() throws IOException {
        assertThat(accept(Errno.ECONNABORTED, Errno.EINTR, Errno.EAGAIN)).isEqualTo(CLIENT);
    }

    @Test
    void shouldSayWhyNoClientCanBeAccepted() {
        assertThatThrownBy(() -> accept(Errno.EMFILE)).hasMessage("accept: Too many open files");
    }
}

package io.ramzswap.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramzswap.nbd.libc.Libc;
import io.ramzswap.nbd.libc.LibcException;
import java.util.BitSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class AffinityTest {
    private static final Libc LIBC = Libc.system();

    private static final int MINE = Affinity.THIS_THREAD;

    /** In a thread that then ends, and takes its affinity with it. */
    private static <T> T aside(Callable<T> task) throws Exception {
        final FutureTask<T> result = new FutureTask<>(task);
        new Thread(result).start();
        return result.get();
    }

    private static BitSet only(int processor) {
        final BitSet processors = new BitSet();
        processors.set(processor);
        return processors;
    }

    @Test
    void shouldKeepAThreadWhereItWasPut() throws Exception {
        final BitSet all = Affinity.get(LIBC, MINE);
        final int last = all.length() - 1;
        final BitSet now = aside(() -> {
            Affinity.set(LIBC, MINE, only(last));
            return Affinity.get(LIBC, MINE);
        });
        assertThat(now).isEqualTo(only(last));
        assertThat(Affinity.get(LIBC, MINE)).as("of another thread").isEqualTo(all);
    }

    @Test
    void shouldLeaveProcessors() throws Exception {
        final BitSet all = Affinity.get(LIBC, MINE);
        assumeTrue(all.cardinality() > 1, "there is one processor");
        final int first = all.nextSetBit(0);
        final BitSet now = aside(() -> {
            Affinity.leave(LIBC, MINE, only(first));
            return Affinity.get(LIBC, MINE);
        });
        assertThat(now.get(first)).isFalse();
        assertThat(now.cardinality()).isEqualTo(all.cardinality() - 1);
    }

    @Test
    void shouldNotLeaveTheLastProcessors() throws Exception {
        final BitSet all = Affinity.get(LIBC, MINE);
        final BitSet now = aside(() -> {
            Affinity.leave(LIBC, MINE, all);
            return Affinity.get(LIBC, MINE);
        });
        assertThat(now).isEqualTo(all);
    }

    @Test
    void shouldTellWhatCannotBe() {
        assertThatThrownBy(() -> aside(() -> {
                    Affinity.set(LIBC, MINE, new BitSet());
                    return null;
                }))
                .hasCauseInstanceOf(LibcException.class)
                .hasMessageContaining("sched_setaffinity");
    }
}

package io.ramzswap.nbd.helped;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HalvesTest {
    private final Halves halves = new Halves();

    private static List<Integer> all(IntSupplier take) {
        return IntStream.generate(take)
                .takeWhile(block -> block != Halves.NONE)
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, Halves.MOST_BLOCKS})
    void shouldGiveAllToTheFrontInOrder(int blocks) {
        halves.begin(blocks);
        assertThat(all(halves::takeFront))
                .isEqualTo(IntStream.range(0, blocks).boxed().toList());
        assertThat(halves.takeBack()).isEqualTo(Halves.NONE);
    }

    @Test
    void shouldGiveTheBackHalfOfWhatIsLeftToTheBackAndThenTheFrontsLast() {
        halves.begin(10);
        halves.takeFront();
        halves.takeFront();
        halves.split();
        assertThat(all(halves::takeBack)).containsExactly(6, 7, 8, 9, 5, 4, 3, 2);
        assertThat(halves.takeFront()).isEqualTo(Halves.NONE);
    }

    @Test
    void shouldGiveTheFrontTheBacksLast() {
        halves.begin(Halves.MOST_BLOCKS);
        halves.split();
        halves.takeBack();
        final List<Integer> taken = all(halves::takeFront);
        assertThat(taken).hasSize(Halves.MOST_BLOCKS - 1).doesNotHaveDuplicates();
        assertThat(taken.get(taken.size() / 2 + 1)).isEqualTo(Halves.MOST_BLOCKS - 1);
    }

    @Test
    void shouldHaveNothingToSplitWhenAllIsTaken() {
        halves.begin(3);
        all(halves::takeFront);
        halves.split();
        assertThat(halves.takeBack()).isEqualTo(Halves.NONE);
        assertThat(halves.takeFront()).isEqualTo(Halves.NONE);
    }

    @Test
    void shouldGiveEachBlockOnceToTwoThreads() throws Exception {
        final int rounds = 20_000;
        final int blocks = 32;
        final CyclicBarrier together = new CyclicBarrier(2);
        final int[] taken = new int[blocks];
        final int[] takenAtTheBack = new int[blocks];
        final FutureTask<Void> back = new FutureTask<>(() -> {
            for (int i = 0; i < rounds; i++) {
                together.await();
                halves.split();
                count(halves::takeBack, takenAtTheBack);
                together.await();
            }
            return null;
        });
        new Thread(back).start();
        for (int i = 0; i < rounds; i++) {
            halves.begin(blocks);
            together.await();
            count(halves::takeFront, taken);
            together.await();
            for (int block = 0; block < blocks; block++) {
                assertThat(taken[block] + takenAtTheBack[block]).as("times").isEqualTo(i + 1);
            }
        }
        back.get();
        assertThat(IntStream.of(takenAtTheBack).sum()).isPositive();
    }

    private static void count(IntSupplier take, int[] taken) {
        for (int block = take.getAsInt(); block != Halves.NONE; block = take.getAsInt()) {
            taken[block]++;
        }
    }
}

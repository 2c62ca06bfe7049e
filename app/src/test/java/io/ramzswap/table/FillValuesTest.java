package io.ramzswap.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FillValuesTest {
    private final FillValues fillValues =
            new FillValues(ByteBuffer.allocateDirect(FillValues.BYTES).order(ByteOrder.nativeOrder()));

    @Test
    void shouldGiveTheSameValueTheSameIndex() {
        int index = fillValues.intern(Double.doubleToRawLongBits(1.0));

        assertThat(fillValues.intern(Double.doubleToRawLongBits(1.0))).isEqualTo(index);
        assertThat(fillValues.get(index)).isEqualTo(Double.doubleToRawLongBits(1.0));
    }

    @Test
    void shouldKeepEveryValueItHasAPlaceForAndSayWhenItHasNone() {
        Random random = new Random(7);
        Map<Integer, Long> expected = new HashMap<>();
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong() | 1;
            int index = fillValues.intern(value);
            if (index == FillValues.NO_PLACE) {
                refused++;
            } else {
                assertThat(expected.putIfAbsent(index, value)).isNull();
            }
        }

        assertThat(expected).hasSizeGreaterThan(4000);
        assertThat(refused).isEqualTo(10_000 - expected.size());
        expected.forEach((index, value) -> assertThat(fillValues.get(index)).isEqualTo(value));
    }
}

package io.ramzswap.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WriteStampsTest {
    private static final int SLAB_SHIFT = 3;
    private static final long NOW = TimeUnit.DAYS.toNanos(400);
    private static final long MILLISECONDS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ByteBuffer[] slabs = {slab(), slab()};
    private final WriteStamps stamps = new WriteStamps(slabs, SLAB_SHIFT);

    private static ByteBuffer slab() {
        return ByteBuffer.allocateDirect(WriteStamps.STAMP_BYTES << SLAB_SHIFT).order(ByteOrder.nativeOrder());
    }

    @Test
    void shouldTellBeforeFromAfter() {
        for (int slot = 0; slot < 2 << SLAB_SHIFT; slot++) {
            stamps.set(slot, NOW + 10L * slot * MILLISECONDS);
        }
        for (int slot = 0; slot < 2 << SLAB_SHIFT; slot++) {
            long written = NOW + 10L * slot * MILLISECONDS;
            assertThat(stamps.isBefore(slot, written + 2 * MILLISECONDS)).isTrue();
            assertThat(stamps.isBefore(slot, written - 2 * MILLISECONDS)).isFalse();
        }
    }

    @Test
    void shouldCallTheSameMomentNotBefore() {
        stamps.set(3, NOW);

        assertThat(stamps.isBefore(3, NOW)).isFalse();
    }

    @Test
    void shouldErrToTheSafeSideWhenTicksWrap() {
        stamps.set(3, NOW);

        assertThat(stamps.isBefore(3, NOW + TimeUnit.DAYS.toNanos(12))).isTrue();
        assertThat(stamps.isBefore(3, NOW + TimeUnit.DAYS.toNanos(15)))
                .as("may look new")
                .isFalse();
        for (int days = 1; days < 13; days++) {
            assertThat(stamps.isBefore(3, NOW - TimeUnit.DAYS.toNanos(days)))
                    .as("never looks older than it is")
                    .isFalse();
        }
    }

    @Test
    void shouldWorkOnANegativeClock() {
        stamps.set(3, -MILLISECONDS);

        assertThat(stamps.isBefore(3, 2 * MILLISECONDS)).isTrue();
        assertThat(stamps.isBefore(3, -3 * MILLISECONDS)).isFalse();
    }

    @Test
    void shouldCallAPageNewWhoseStampWasDamaged() {
        long later = NOW + TimeUnit.DAYS.toNanos(1);
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            stamps.set(3, NOW);
            assertThat(stamps.isBefore(3, later)).isTrue();
            int at = 3 * WriteStamps.STAMP_BYTES;
            slabs[0].putInt(at, slabs[0].getInt(at) ^ 1 << bit);

            assertThat(stamps.isBefore(3, later)).isFalse();
        }
    }
}

package io.ramzswap.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.notify.trace.FormatFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slots of a cluster. The other forms are in {@link SlotFreeEventsTest}. */
class FirstSlotTest {
    private static final long FIRST_CLUSTER = 0xffff_c900_0012_3000L;
    private static final SwapClusters CLUSTERS = new SwapClusters(80, 48, 512);
    private static final FormatFile FORMAT = new FormatFile(
            SlotFreeRecords.ID,
            Map.of(
                    "slot", new FormatFile.Field(16, 4),
                    "cluster", new FormatFile.Field(20, 8),
                    "clusters", new FormatFile.Field(28, 8),
                    "type", new FormatFile.Field(36, 1)));

    private static FirstSlot reader(FormatFile format) throws IOException {
        SlotFreeFunction function = SlotFreeRecords.function(SlotForm.IN_CLUSTER);
        return new FirstSlot(
                new SlotFreeFunction(function.name(), function.arguments(), function.form(), function.info(), CLUSTERS),
                format);
    }

    private static long read(long distance, int place, int count) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(40)
                .order(ByteOrder.nativeOrder())
                .putInt(16, place)
                .putLong(20, FIRST_CLUSTER + distance)
                .putLong(28, FIRST_CLUSTER);
        return reader(FORMAT).read(record, 0, count);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1, 1", "0, 0, 512, 0", "48, 0, 1, 512", "48, 511, 1, 1023", "480000, 3, 509, 5120003"})
    void shouldCountFromTheClustersPlaceAmongAll(long distance, int place, int count, long slot) throws IOException {
        assertThat(read(distance, place, count)).isEqualTo(slot);
    }

    @ParameterizedTest
    @CsvSource({
        "-48, 0, 1", // before the first cluster
        "47, 0, 1", // between two
        "0, 512, 1", // outside its cluster
        "0, 511, 2",
        "0, -1, 1",
        "0, 2147483647, 1",
        "9223372036854775807, 0, 1"
    })
    void shouldBelieveNothingThatCannotBe(long distance, int place, int count) throws IOException {
        assertThat(read(distance, place, count)).isEqualTo(FirstSlot.NONE);
    }

    @Test
    void shouldRefuseAFormatWithoutTheCluster() {
        FormatFile without =
                new FormatFile(1, Map.of("slot", new FormatFile.Field(16, 4), "type", new FormatFile.Field(36, 1)));

        assertThatThrownBy(() -> reader(without))
                .isInstanceOf(IOException.class)
                .hasMessage("a field cluster of 8 bytes was expected, there is none");
    }
}

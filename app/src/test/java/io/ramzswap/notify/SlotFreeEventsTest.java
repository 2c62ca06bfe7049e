package io.ramzswap.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.notify.trace.FormatFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotFreeEventsTest {
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<String> seen = new ArrayList<>();
    private final long now = System.nanoTime();

    private SlotFreeEvents events(SlotForm form) throws IOException {
        return new SlotFreeEvents(
                SlotFreeRecords.function(form),
                SlotFreeRecords.DEVICE,
                SlotFreeRecords.FORMAT,
                (slot, count, time) -> seen.add(slot + "+" + count + " at " + (time - now)));
    }

    private void tell(SlotFreeEvents events, ByteBuffer record) {
        events.event(record, 0, SlotFreeRecords.BYTES, now);
    }

    @Test
    void shouldTellOfSlotsWithATimeOnTheSafeSide() throws IOException {
        SlotFreeEvents events = events(SlotForm.NUMBER);
        tell(events, SlotFreeRecords.record(7, 512));

        assertThat(seen).containsExactly("7+512 at -" + SLACK_NANOS);
        assertThat(events.events()).isEqualTo(1);
        assertThat(events.foreign()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = SlotForm.class,
            names = {"ENTRY", "LONE_ENTRY"})
    void shouldTakeTheSlotOutOfASwapEntry(SlotForm form) throws IOException {
        tell(events(form), SlotFreeRecords.record((long) SlotFreeRecords.TYPE << 58 | 7, 1));

        assertThat(seen).containsExactly("7+1 at -" + SLACK_NANOS);
    }

    @ParameterizedTest
    @EnumSource(
            value = SlotForm.class,
            names = {"ENTRY", "LONE_ENTRY"})
    void shouldLeaveAnEntryOfAnotherSwapAreaAlone(SlotForm form) throws IOException {
        SlotFreeEvents events = events(form);
        tell(events, SlotFreeRecords.record(4L << 58 | 7, 1));

        assertThat(seen).isEmpty();
        assertThat(events.foreign()).isEqualTo(1);
    }

    @Test
    void shouldLeaveOtherDevicesAlone() throws IOException {
        SlotFreeEvents events = events(SlotForm.NUMBER);
        tell(events, SlotFreeRecords.record(7, 1).putInt(28, SlotFreeRecords.OTHER_DEVICE));

        assertThat(seen).isEmpty();
        assertThat(events.foreign()).isEqualTo(1);
    }

    @Test
    void shouldLeaveASwapFileOnTheDeviceAlone() throws IOException {
        SlotFreeEvents events = events(SlotForm.NUMBER);
        tell(events, SlotFreeRecords.record(7, 1).putLong(32, 3));

        assertThat(seen).isEmpty();
        assertThat(events.foreign()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, (1 << 16) + 1, Integer.MAX_VALUE})
    void shouldBelieveNoCountThatCannotBe(int count) throws IOException {
        SlotFreeEvents events = events(SlotForm.NUMBER);
        tell(events, SlotFreeRecords.record(7, count));

        assertThat(seen).isEmpty();
        assertThat(events.foreign()).isEqualTo(1);
    }

    @Test
    void shouldPassOverOtherEventsAndShortOnes() throws IOException {
        SlotFreeEvents events = events(SlotForm.NUMBER);
        tell(events, SlotFreeRecords.record(7, 1).putShort(0, (short) 5));
        events.event(SlotFreeRecords.record(7, 1), 0, SlotFreeRecords.BYTES - 4, now);

        assertThat(seen).isEmpty();
        assertThat(events.events() + events.foreign()).isZero();
    }

    @Test
    void shouldBelieveNoTimeFromTheFutureNorOneLongPast() throws IOException {
        SlotFreeEvents events = events(SlotForm.NUMBER);
        for (long time : new long[] {
            System.nanoTime() + TimeUnit.MINUTES.toNanos(5), now - TimeUnit.MINUTES.toNanos(11), now - Long.MAX_VALUE
        }) {
            events.event(SlotFreeRecords.record(7, 1), 0, SlotFreeRecords.BYTES, time);
        }

        assertThat(seen).isEmpty();
        assertThat(events.untimely()).isEqualTo(3);
    }

    @Test
    void shouldRefuseAFormatThatIsNotWhatWasAskedFor() {
        FormatFile without = new FormatFile(1, Map.of("common_type", new FormatFile.Field(0, 2)));

        assertThatThrownBy(() -> new SlotFreeEvents(
                        SlotFreeRecords.function(SlotForm.NUMBER),
                        SlotFreeRecords.DEVICE,
                        without,
                        (slot, count, time) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("a field slot of 8 bytes was expected, there is none");
    }
}

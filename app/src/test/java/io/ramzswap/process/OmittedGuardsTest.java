package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.process.OmittedGuards.Name;
import org.junit.jupiter.api.Test;

class OmittedGuardsTest {
    private static final Guard MISSING = Guard.missing("it is not there");

    @Test
    void shouldOmitNothingUnlessTold() {
        assertThat(OmittedGuards.ofThisProcess().isEmpty()).isTrue();
        assertThat(OmittedGuards.of("").unless(Name.IO_FLUSHER, () -> MISSING)).isEqualTo(MISSING);
    }

    @Test
    void shouldPassForHeldWhatIsOmitted() {
        OmittedGuards omitted = OmittedGuards.of("io-flusher, rehearsal");

        assertThat(omitted.unless(Name.IO_FLUSHER, () -> MISSING)).isEqualTo(Guard.HELD);
        assertThat(omitted.unless(Name.MEMORY_LOCK, () -> MISSING)).isEqualTo(MISSING);
        assertThat(omitted.has(Name.REHEARSAL)).isTrue();
        assertThat(omitted).hasToString("io-flusher, rehearsal");
    }

    @Test
    void shouldRefuseWhatIsNoGuard() {
        assertThatThrownBy(() -> OmittedGuards.of("seat-belt"))
                .hasMessage("-Dramzswap.without: there is no guard 'seat-belt'; they are [memory-lock, io-flusher,"
                        + " real-time, rehearsal]");
    }
}

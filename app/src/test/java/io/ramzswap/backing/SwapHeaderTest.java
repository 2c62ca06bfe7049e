package io.ramzswap.backing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SwapHeaderTest {
    private static UUID uuid() {
        ByteBuffer header = SwapHeader.of(16).order(ByteOrder.BIG_ENDIAN);
        return new UUID(header.getLong(1036), header.getLong(1044));
    }

    @Test
    void shouldHaveAUuidThatIsKnownAsOursAndNotRepeated() {
        UUID one = uuid();
        UUID other = uuid();

        assertThat(one.toString()).startsWith("72616d7a-7377-8");
        assertThat(one.version()).isEqualTo(8);
        assertThat(one.variant()).isEqualTo(2);
        assertThat(other).isNotEqualTo(one);
    }
}

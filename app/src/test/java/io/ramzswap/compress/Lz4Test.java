package io.ramzswap.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Lz4Test {
    private static final int PAGE = 4096;

    private final Lz4 lz4 = new Lz4();
    private final ByteBuffer compressed = ByteBuffer.allocateDirect(lz4.maxCompressedLength(PAGE));
    private final ByteBuffer restored = ByteBuffer.allocateDirect(PAGE + 8);

    @AfterEach
    void close() {
        lz4.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 512, 2048, 4096})
    void shouldRestoreEveryPage(int randomBytes) {
        for (int seed = 0; seed < 200; seed++) {
            ByteBuffer page = page(seed, randomBytes);

            int length = lz4.compress(page, 0, PAGE, compressed, 0);

            assertThat(lz4.decompress(compressed, 0, length, restored, 4, PAGE)).isEqualTo(PAGE);
            assertThat(restored.slice(4, PAGE)).as("seed %d", seed).isEqualTo(page);
        }
    }

    @Test
    void shouldReportDamageAndStayInsideThePage() {
        Random random = new Random(5);
        int malformed = 0;
        for (int seed = 0; seed < 2000; seed++) {
            int length = lz4.compress(page(seed, 1024), 0, PAGE, compressed, 0);
            compressed.put(random.nextInt(length), (byte) random.nextInt());
            restored.putInt(0, 0xcafe).putInt(PAGE + 4, 0xcafe);

            if (lz4.decompress(compressed, 0, length, restored, 4, PAGE) == Compressor.MALFORMED) {
                malformed++;
            }

            assertThat(restored.getInt(0)).isEqualTo(0xcafe);
            assertThat(restored.getInt(PAGE + 4)).isEqualTo(0xcafe);
        }
        assertThat(malformed).isPositive();
    }

    @Test
    void shouldCallAShorterPageMalformed() {
        int length = lz4.compress(page(1, 512), 0, PAGE / 2, compressed, 0);

        assertThat(lz4.decompress(compressed, 0, length, restored, 4, PAGE)).isEqualTo(Compressor.MALFORMED);
    }

    private static ByteBuffer page(int seed, int randomBytes) {
        Random random = new Random(seed);
        byte[] bytes = new byte[PAGE];
        byte[] noise = new byte[randomBytes];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, 0, randomBytes);
        return ByteBuffer.allocateDirect(PAGE).put(0, bytes);
    }
}

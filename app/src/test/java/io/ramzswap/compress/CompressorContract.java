package io.ramzswap.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.heap.AllocatedBytes;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every compressor promises. */
abstract class CompressorContract {
    private static final int PAGE = 4096;

    private final Compressor compressor;
    private final ByteBuffer compressed;
    private final ByteBuffer restored = ByteBuffer.allocateDirect(PAGE + 8);

    CompressorContract(CompressorKind kind) {
        compressor = kind.create();
        compressed = ByteBuffer.allocateDirect(compressor.maxCompressedLength(PAGE));
    }

    @AfterEach
    void close() {
        compressor.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 512, 2048, 4096})
    void shouldRestoreEveryPage(int randomBytes) {
        for (int seed = 0; seed < 200; seed++) {
            ByteBuffer page = page(seed, randomBytes);

            int length = compressor.compress(page, 0, PAGE, compressed, 0);

            assertThat(compressor.decompress(compressed, 0, length, restored, 4, PAGE))
                    .isEqualTo(PAGE);
            assertThat(restored.slice(4, PAGE)).as("seed %d", seed).isEqualTo(page);
        }
    }

    @Test
    void shouldReportDamageAndStayInsideThePage() {
        Random random = new Random(5);
        int malformed = 0;
        for (int seed = 0; seed < 2000; seed++) {
            int length = compressor.compress(page(seed, 1024), 0, PAGE, compressed, 0);
            compressed.put(random.nextInt(length), (byte) random.nextInt());
            restored.putInt(0, 0xcafe).putInt(PAGE + 4, 0xcafe);

            if (compressor.decompress(compressed, 0, length, restored, 4, PAGE) == Compressor.MALFORMED) {
                malformed++;
            }

            assertThat(restored.getInt(0)).isEqualTo(0xcafe);
            assertThat(restored.getInt(PAGE + 4)).isEqualTo(0xcafe);
        }
        assertThat(malformed).isPositive();
    }

    @Test
    void shouldNotTakeItsOwnForThatOfAnother() {
        int length = compressor.compress(page(1, 512), 0, PAGE, compressed, 0);
        for (CompressorKind kind : CompressorKind.values()) {
            try (Compressor other = kind.create()) {
                if (other.id() != compressor.id()) {
                    assertThat(other.decompress(compressed, 0, length, restored, 4, PAGE))
                            .isEqualTo(Compressor.MALFORMED);
                }
            }
        }
    }

    @Test
    void shouldAllocateNothing() {
        ByteBuffer page = page(7, 1024);
        rounds(page, 20_000);

        assertThat(AllocatedBytes.of(() -> rounds(page, 5_000))).isZero();
    }

    private void rounds(ByteBuffer page, int count) {
        for (int i = 0; i < count; i++) {
            int length = compressor.compress(page, 0, PAGE, compressed, 0);
            compressor.decompress(compressed, 0, length, restored, 4, PAGE);
        }
    }

    @Test
    void shouldCallAShorterPageMalformed() {
        int length = compressor.compress(page(1, 512), 0, PAGE / 2, compressed, 0);

        assertThat(compressor.decompress(compressed, 0, length, restored, 4, PAGE))
                .isEqualTo(Compressor.MALFORMED);
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

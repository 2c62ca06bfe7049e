package io.ramzswap.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CompressorsTest {
    private static final int PAGE = 4096;

    private final ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
    private final ByteBuffer compressed = ByteBuffer.allocateDirect(Compressors.MOST_OUTPUT_BYTES);
    private final ByteBuffer restored = ByteBuffer.allocateDirect(PAGE);

    /** A page's word tells by the number who made it: were two the same, one of them would be given the other's pages. */
    @Test
    void shouldHaveNumbersThatDifferAndFitInAWord() {
        assertThat(Arrays.stream(CompressorKind.values()).map(CompressorKind::id))
                .doesNotHaveDuplicates()
                .allMatch(id -> id >= 0 && id < PageWord.COMPRESSORS);
        for (CompressorKind kind : CompressorKind.values()) {
            try (Compressor compressor = kind.create()) {
                assertThat(compressor.id()).isEqualTo(kind.id());
                assertThat(compressor.maxCompressedLength(PAGE)).isLessThanOrEqualTo(Compressors.MOST_OUTPUT_BYTES);
            }
        }
    }

    @Test
    void shouldNeverChangeANumber() {
        assertThat(CompressorKind.LZ4.id()).isEqualTo(1);
        assertThat(CompressorKind.ZSTD.id()).isEqualTo(2);
    }

    @Test
    void shouldRestoreInEverySessionWhatAnyChosenCompressorMade() {
        CompressorChoice choice = new CompressorChoice(CompressorKind.LZ4);
        try (Compressors writer = choice.open();
                Compressors reader = choice.open()) {
            for (CompressorKind kind :
                    new CompressorKind[] {CompressorKind.LZ4, CompressorKind.ZSTD, CompressorKind.LZ4}) {
                choice.choose(kind);
                assertThat(choice.current()).isEqualTo(kind);
                page.putLong(100, kind.id());
                Compressor compressor = writer.current();
                assertThat(compressor.id()).isEqualTo(kind.id());
                int length = compressor.compress(page, 0, PAGE, compressed, 0);

                for (CompressorKind next : CompressorKind.values()) {
                    choice.choose(next);
                    assertThat(reader.decompress(kind.id(), compressed, 0, length, restored, 0, PAGE))
                            .isEqualTo(PAGE);
                    assertThat(restored).isEqualTo(page);
                }
            }
        }
    }

    @Test
    void shouldCallAPageOfAnUnknownCompressorMalformed() {
        try (Compressors compressors = new CompressorChoice(CompressorKind.LZ4).open()) {
            for (int id = 0; id < PageWord.COMPRESSORS; id++) {
                if (id != CompressorKind.LZ4.id()) {
                    assertThat(compressors.decompress(id, compressed, 0, 100, restored, 0, PAGE))
                            .isEqualTo(Compressor.MALFORMED);
                }
            }
        }
    }
}

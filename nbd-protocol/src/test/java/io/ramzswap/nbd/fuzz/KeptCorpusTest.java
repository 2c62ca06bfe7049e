package io.ramzswap.nbd.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** What the fuzzer came upon once, each the least that reaches something; scripts/fuzz goes on from there. */
class KeptCorpusTest {
    @Test
    void shouldSurviveWhatTheFuzzerKept() throws IOException {
        int inputs = 0;
        try (ZipInputStream corpus =
                new ZipInputStream(KeptCorpusTest.class.getResourceAsStream("conversations.zip"))) {
            for (ZipEntry entry = corpus.getNextEntry(); entry != null; entry = corpus.getNextEntry()) {
                if (!entry.isDirectory()) {
                    play(entry.getName(), corpus.readAllBytes());
                    inputs++;
                }
            }
        }
        assertThat(inputs).isGreaterThan(100);
    }

    private static void play(String name, byte[] input) {
        try {
            ConversationFuzzer.fuzzerTestOneInput(input);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("input " + name, e);
        }
    }
}

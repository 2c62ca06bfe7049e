package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OomScoreTest {
    @TempDir
    private Path directory;

    @Test
    void shouldAskNeverToBeChosen() throws IOException {
        Path file = Files.writeString(directory.resolve("oom_score_adj"), "0\n");

        assertThat(OomScore.lower(file)).isEqualTo(Guard.HELD);
        assertThat(file).hasContent("-1000");
    }

    @Test
    void shouldNotAskForWhatItHas() throws IOException {
        Path file = Files.writeString(directory.resolve("oom_score_adj"), "-1000\n");

        assertThat(OomScore.lower(file)).isEqualTo(Guard.HELD);
        assertThat(file).hasContent("-1000\n");
    }

    @Test
    void shouldSayWhatToDoWhenItIsForbidden() {
        Path file = directory.resolve("absent");

        assertThat(OomScore.lower(file))
                .isEqualTo(Guard.missing(
                        "the kernel may choose this process when memory runs out: writing -1000 to " + file
                                + " failed (" + file
                                + "); run it as root with CAP_SYS_RESOURCE, or set OOMScoreAdjust=-1000 in its"
                                + " unit"));
    }
}

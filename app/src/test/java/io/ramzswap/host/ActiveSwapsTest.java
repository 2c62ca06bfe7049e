package io.ramzswap.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActiveSwapsTest {
    @TempDir
    private Path directory;

    private ActiveSwaps areas;

    @BeforeEach
    void write() throws IOException {
        areas = new ActiveSwaps(Files.writeString(directory.resolve("swaps"), """
                Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority
                /dev/nbd0                               partition\t393212\t\t74248\t\t100
                /dev/nbd1                               file\t\t393212\t\t4\t\t-2
                /swap\\040file                           file\t\t1048572\t\t0\t\t-3
                """));
    }

    @Test
    void shouldTellTheSlotsInUse() throws IOException {
        assertThat(areas.usedBytes("/dev/nbd0")).hasValue(74248L << 10);
    }

    @Test
    void shouldTellThemWhateverOthersAreCalled() throws IOException {
        byte[] other = "/swap\u00e9 file 65532 0 -2\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(areas.file(), other, StandardOpenOption.APPEND);

        assertThat(areas.usedBytes("/dev/nbd0")).hasValue(74248L << 10);
    }

    @Test
    void shouldTellNothingOfWhatIsNoSwapOrNoBlockDevice() throws IOException {
        assertThat(areas.usedBytes("/dev/nbd")).isEmpty();
        assertThat(areas.usedBytes("/dev/nbd1")).isEmpty();
    }
}

package io.ramzswap.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Knowledge of the kernel that the main code of all modules holds in one file. */
class OnePlaceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // The list of swap areas, by whatever prefix.
                "\"(/proc/)?swaps\";ActiveSwaps.java",
                "\"(/proc/)?meminfo\";MemInfo.java",
                "\"(/proc/)?(self/)?mounts\";Mounts.java",
                // The page size.
                "PAGE\\w* = (4096|4 << 10|1 << 12);SharedMemory.java"
            })
    void shouldBeSaidInOneFile(String pattern, String file) throws IOException {
        assertThat(filesWith(Pattern.compile(pattern))).containsExactly(file);
    }

    private static List<String> filesWith(Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        for (String module : List.of("allocator", "nbd-protocol", "app")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> pattern.matcher(text(file)).find())
                        .forEach(file -> found.add(file.getFileName().toString()));
            }
        }
        return found;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.ramzswap.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalTest {
    @TempDir
    private Path directory;

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new LibcException("bind", Errno.EACCES), Refusal.NOT_PERMITTED),
                Arguments.of(new LibcException("bind", Errno.EROFS), Refusal.NOT_PERMITTED),
                Arguments.of(new LibcException("bind", Errno.ENOENT), Refusal.INVALID_VALUE),
                Arguments.of(new LibcException("bind", Errno.ELOOP), Refusal.INVALID_VALUE),
                Arguments.of(new LibcException("bind", Errno.EADDRNOTAVAIL), Refusal.INVALID_VALUE),
                Arguments.of(new LibcException("socket", Errno.EMFILE), Refusal.NO_MEMORY),
                Arguments.of(new LibcException("socket", Errno.EBADF), Refusal.INTERNAL),
                Arguments.of(new AccessDeniedException("f"), Refusal.NOT_PERMITTED),
                Arguments.of(new NoSuchFileException("f"), Refusal.INVALID_VALUE),
                Arguments.of(new FileSystemException("f", null, "Read-only file system"), Refusal.NOT_PERMITTED),
                Arguments.of(new FileSystemException("f", null, "Input/output error"), Refusal.INTERNAL),
                Arguments.of(new IOException("words"), Refusal.INTERNAL));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldTellWhatKindOfFailureItIs(IOException failure, Refusal code) {
        assertThat(Refusal.of(failure)).isEqualTo(code);
    }

    /** Java has no class for some of the kernel's errors, and only gives their words. */
    @Test
    void shouldUnderstandWhatJavaSaysOfNamesThatLeadNowhere() throws IOException {
        Path loop = Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        Path file = Files.createFile(directory.resolve("file"));

        for (Path name : new Path[] {loop.resolve("f"), file.resolve("f"), directory.resolve("x".repeat(256))}) {
            assertThat(Refusal.of(failureToCreate(name))).as("%s", name).isEqualTo(Refusal.INVALID_VALUE);
        }
    }

    private static IOException failureToCreate(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError(file + " was made");
    }
}

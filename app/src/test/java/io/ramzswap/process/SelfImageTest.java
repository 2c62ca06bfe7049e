package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.libc.Libc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfImageTest {
    /** A program that executes itself once and then tells what it finds. */
    static final class Twice {
        private Twice() {}

        public static void main(String[] arguments) {
            SelfImage self = new SelfImage(Libc.system());
            if (!self.isSecondRun()) {
                System.out.println("first in " + ProcessHandle.current().pid());
                System.out.println(self.execute());
            }
            System.out.println("second in " + ProcessHandle.current().pid());
            System.out.println(
                    String.join("|", arguments) + " " + System.getenv("GREETING") + " " + System.getProperty("colour"));
        }
    }

    @Test
    void shouldExecuteTheSameProgramOnceMoreInTheSameProcess() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dcolour=blue",
                Twice.class.getName(),
                "one argument",
                "",
                "\u00e9*");
        builder.environment().put("GREETING", "good day");
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(process.waitFor()).isZero();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo("first in " + process.pid());
        assertThat(lines.get(1)).isEqualTo("second in " + process.pid());
        assertThat(lines.get(2)).startsWith("one argument||").endsWith(" good day blue");
    }

    @Test
    void shouldSplitWhatTheKernelKeeps() {
        assertThat(SelfImage.split("java\0\0-x\0".getBytes(StandardCharsets.US_ASCII)))
                .containsExactly(new byte[] {'j', 'a', 'v', 'a'}, new byte[0], new byte[] {'-', 'x'});
        assertThat(SelfImage.split(new byte[0])).isEmpty();
    }
}

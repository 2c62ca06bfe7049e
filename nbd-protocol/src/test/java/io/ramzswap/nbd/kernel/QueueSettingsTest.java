package io.ramzswap.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueSettingsTest {
    private static final Path ZERO_FOR_GOOD = Path.of("/proc/thread-self/wchan");

    private final KernelOptions options = KernelOptions.forSwap();

    @TempDir
    private Path queue;

    private void setting(String name, String value) throws IOException {
        Files.writeString(queue.resolve(name), value + "\n");
    }

    private String setting(String name) throws IOException {
        return Files.readString(queue.resolve(name)).strip();
    }

    @Test
    void shouldOverwriteWhatAnEarlierUserLeftBehind() throws IOException {
        setting("rotational", "1");
        setting("discard_max_hw_bytes", "4294966784");
        setting("discard_max_bytes", "0");
        setting("io_timeout", "1000");
        setting("max_sectors_kb", "4");

        assertThat(new QueueSettings(queue).apply(options)).isEmpty();

        assertThat(setting("rotational")).isEqualTo("0");
        assertThat(setting("discard_max_bytes")).isEqualTo("4294963200");
        assertThat(setting("io_timeout")).isEqualTo("3600000");
        assertThat(setting("max_sectors_kb"))
                .isEqualTo(Integer.toString(options.buffers().sendBytes() / 1024 - 4));
    }

    /** As Linux 6.12 offers them: its limit is in whole sectors, and cannot be written back. */
    @Test
    void shouldLeaveALimitOfDiscardsThatIsAlreadyTheHighest() throws IOException {
        setting("discard_max_hw_bytes", "4294966784");
        setting("discard_max_bytes", "4294966784");

        assertThat(new QueueSettings(queue).apply(options)).isEmpty();

        assertThat(setting("discard_max_bytes")).isEqualTo("4294966784");
    }

    @Test
    void shouldAddNothingThatTheKernelDoesNotHave() throws IOException {
        setting("rotational", "1");

        assertThat(new QueueSettings(queue).apply(options)).isEmpty();

        assertThat(queue).isDirectoryContaining("glob:**rotational").isDirectoryNotContaining("glob:**io_timeout");
    }

    @Test
    void shouldSayOnceWhatStaysAsItWas() throws IOException {
        Files.createSymbolicLink(queue.resolve("rotational"), Path.of("/proc/sys/kernel/ostype"));

        assertThat(new QueueSettings(queue).apply(options))
                .singleElement()
                .asString()
                .startsWith(queue.resolve("rotational") + " stays Linux, and should be 0 (")
                .endsWith("sends no TRIM to such swap, and fills it in another order");
    }

    /** As Linux 6.12, which raises no limit of zero; the running thread's wchan, which is 0 and refuses writes, stands for it. */
    @Test
    void shouldSayHowALimitOfDiscardsIsUndoneThatTheKernelKeeps() throws IOException {
        setting("discard_max_hw_bytes", "4294966784");
        Files.createSymbolicLink(queue.resolve("discard_max_bytes"), ZERO_FOR_GOOD);

        assertThat(new QueueSettings(queue).apply(options))
                .singleElement()
                .asString()
                .startsWith(queue.resolve("discard_max_bytes") + " stays 0, and should be 4294963200 (")
                .endsWith("): no TRIM arrives; load the kernel's module nbd anew to undo the limit");
    }
}

package io.ramzswap.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSymbolsTest {
    @TempDir
    private Path directory;

    private KernelSymbols read(String text) throws IOException {
        return KernelSymbols.read(
                Files.writeString(directory.resolve("kallsyms"), text), Set.of("swap_range_free", "swap_entries_free"));
    }

    @Test
    void shouldFindASymbolThatIsThereOnce() throws IOException {
        KernelSymbols symbols = read("""
                0000000000000000 T _text
                0000000000000000 t swap_range_free
                0000000000000000 t nbd_read\t[nbd]
                0000000000000000 t swap_entries_free""");

        assertThat(symbols.isOne("swap_range_free")).isTrue();
        assertThat(symbols.isOne("swap_entries_free")).isTrue();
    }

    @Test
    void shouldNotTakeASpecialisedFunctionForTheOneOfTheSource() throws IOException {
        KernelSymbols symbols = read("""
                ffffffff81000000 t swap_range_free.isra.0
                ffffffff81000000 t __swap_range_free
                """);

        assertThat(symbols.isOne("swap_range_free")).isFalse();
    }

    @Test
    void shouldNotChooseBetweenTwo() throws IOException {
        KernelSymbols symbols = read("""
                ffffffff81000000 t swap_range_free
                ffffffff81000100 t swap_range_free
                """);

        assertThat(symbols.isOne("swap_range_free")).isFalse();
    }
}

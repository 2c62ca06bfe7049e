package io.ramzswap.notify;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts the kernel's symbols of a name. A function that the compiler has specialised has a suffix, as in
 * {@code .isra.0}, and other arguments than its source says: it is another symbol.
 */
final class KernelSymbols {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LONGEST = 128;

    private final Map<String, Integer> counts = new HashMap<>();

    private KernelSymbols() {}

    /** Counts these symbols in a file like {@code /proc/kallsyms}: {@code address type name [module]} a line. */
    static KernelSymbols read(Path file, Set<String> names) throws IOException {
        KernelSymbols symbols = new KernelSymbols();
        byte[][] wanted = names.stream()
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            byte[] name = new byte[LONGEST];
            int fields = 0;
            int length = 0;
            for (int letter = in.read(); letter >= 0; letter = in.read()) {
                if (letter == '\n') {
                    symbols.count(wanted, name, length);
                    fields = 0;
                    length = 0;
                } else if (letter == ' ' || letter == '\t') {
                    fields++;
                } else if (fields == 2 && length < LONGEST) {
                    name[length++] = (byte) letter;
                }
            }
            symbols.count(wanted, name, length);
        }
        return symbols;
    }

    private void count(byte[][] wanted, byte[] name, int length) {
        for (byte[] candidate : wanted) {
            if (Arrays.equals(candidate, 0, candidate.length, name, 0, length)) {
                counts.merge(new String(candidate, StandardCharsets.US_ASCII), 1, Integer::sum);
            }
        }
    }

    /** Whether there is just one of that name. */
    boolean isOne(String name) {
        return counts.getOrDefault(name, 0) == 1;
    }
}

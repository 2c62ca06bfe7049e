package io.ramzswap.analyze;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The memory of one process, which may end at any moment: then every method throws. Source: proc_pid_pagemap(5),
 * proc_pid_mem(5), the kernel's admin-guide/mm/pagemap.rst.
 */
final class ProcessMemory implements AutoCloseable {
    static final int PAGE_SIZE = 4096;

    private static final int ENTRIES_AT_ONCE = 8192;
    private static final long PRESENT = 1L << 63;
    private static final long SWAPPED = 1L << 62;
    private static final long FILE_OR_SHARED = 1L << 61;
    private static final long MAPPED_ONCE = 1L << 56;
    private static final long FRAME = (1L << 55) - 1;

    private final Path process;
    private final FileChannel pagemap;
    private final FileChannel memory;
    private final ByteBuffer entries =
            ByteBuffer.allocateDirect(ENTRIES_AT_ONCE * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** Hears of pages. */
    @FunctionalInterface
    interface PageVisitor {
        /**
         * A page in RAM.
         *
         * @param address in the process
         * @param frame the frame's number, or 0 if it may not be known
         * @param mappedOnce whether no other mapping leads to the same frame
         */
        void present(long address, long frame, boolean mappedOnce);
    }

    private ProcessMemory(Path process, FileChannel pagemap, FileChannel memory) {
        this.process = process;
        this.pagemap = pagemap;
        this.memory = memory;
    }

    /** Of a process's directory in /proc. */
    static ProcessMemory open(Path process) throws IOException {
        FileChannel pagemap = FileChannel.open(process.resolve("pagemap"), StandardOpenOption.READ);
        try {
            return new ProcessMemory(
                    process, pagemap, FileChannel.open(process.resolve("mem"), StandardOpenOption.READ));
        } catch (IOException e) {
            pagemap.close();
            throw e;
        }
    }

    /** Mappings of anonymous memory that may be swapped out, as far as any of it exists. */
    List<Mapping> mappings() throws IOException {
        List<Mapping> mappings = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(process.resolve("smaps"), StandardCharsets.ISO_8859_1)) {
            Optional<Mapping> mapping = Optional.empty();
            boolean populated = false;
            boolean locked = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (Mapping.isHeader(line)) {
                    mapping.filter(usable(populated, locked)).ifPresent(mappings::add);
                    mapping = Mapping.ofAnonymous(line);
                    populated = false;
                    locked = false;
                } else {
                    populated |= isSome(line, "Anonymous:");
                    locked |= isSome(line, "Locked:");
                }
            }
            mapping.filter(usable(populated, locked)).ifPresent(mappings::add);
        }
        return mappings;
    }

    private static Predicate<Mapping> usable(boolean populated, boolean locked) {
        return mapping -> populated && !locked;
    }

    private static boolean isSome(String line, String label) {
        return line.startsWith(label) && !line.endsWith(" 0 kB");
    }

    /**
     * Tells {@code visitor} of every page of {@code mapping} that is in RAM.
     *
     * @return how many of its pages are in swap
     */
    long visit(Mapping mapping, PageVisitor visitor) throws IOException {
        long swapped = 0;
        long address = mapping.start();
        while (address < mapping.end()) {
            int count = (int) Math.min(ENTRIES_AT_ONCE, (mapping.end() - address) / PAGE_SIZE);
            int read = readEntries(address, count);
            for (int i = 0; i < read; i++) {
                long entry = entries.getLong(i * Long.BYTES);
                if (isAnonymousAndPresent(entry)) {
                    visitor.present(address + (long) i * PAGE_SIZE, entry & FRAME, (entry & MAPPED_ONCE) != 0);
                }
                swapped += (entry & SWAPPED) == 0 ? 0 : 1;
            }
            if (read < count) {
                break;
            }
            address += (long) count * PAGE_SIZE;
        }
        return swapped;
    }

    /** Reads a page unless it has left RAM since it was visited. */
    boolean read(long address, ByteBuffer page) throws IOException {
        if (readEntries(address, 1) < 1 || !isAnonymousAndPresent(entries.getLong(0))) {
            return false;
        }
        page.clear().limit(PAGE_SIZE);
        while (page.hasRemaining()) {
            if (memory.read(page, address + page.position()) <= 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAnonymousAndPresent(long entry) {
        return (entry & PRESENT) != 0 && (entry & FILE_OR_SHARED) == 0;
    }

    private int readEntries(long address, int count) throws IOException {
        entries.clear().limit(count * Long.BYTES);
        long position = address / PAGE_SIZE * Long.BYTES;
        while (entries.hasRemaining()) {
            int read = pagemap.read(entries, position + entries.position());
            if (read <= 0) {
                break;
            }
        }
        return entries.position() / Long.BYTES;
    }

    @Override
    public void close() throws IOException {
        try {
            pagemap.close();
        } finally {
            memory.close();
        }
    }
}

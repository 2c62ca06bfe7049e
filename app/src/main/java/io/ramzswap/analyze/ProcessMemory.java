package io.ramzswap.analyze;

import io.ramzswap.allocator.arena.SharedMemory;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of one process, which may end at any moment: then every method throws. Source: proc_pid_pagemap(5),
 * proc_pid_mem(5), the kernel's admin-guide/mm/pagemap.rst.
 */
final class ProcessMemory implements AutoCloseable {
    static final int PAGE_SIZE = SharedMemory.PAGE_BYTES;

    private static final int ENTRIES_AT_ONCE = 8192;

    /** Gaps of so many pages cost less than another call. */
    private static final int MOST_GAP_PAGES = 16;

    /** Entries that are looked at for each page that there is, where the kernel does not say where pages are. */
    private static final int ENTRIES_A_PAGE = 64;

    /** And so many more for a process: 64 GiB of addresses. */
    private static final long SPARE_ENTRIES = 1 << 24;

    private static final Pattern KILOBYTES = Pattern.compile(" ([0-9]{1,15}) kB$");

    private static final long PRESENT = 1L << 63;
    private static final long SWAPPED = 1L << 62;
    private static final long FILE_OR_SHARED = 1L << 61;
    private static final long MAPPED_ONCE = 1L << 56;
    private static final long FRAME = (1L << 55) - 1;

    private final Path process;
    private final FileChannel pagemap;
    private final FileChannel memory;
    private final Optional<PopulatedRanges> ranges;
    private long spareEntries = SPARE_ENTRIES;
    private long examined;
    private long unvisited;
    private long swapped;
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
        this.ranges = PopulatedRanges.of(process.resolve("pagemap"));
    }

    /** The memory of the process with this directory in /proc. */
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
            long pages = 0;
            boolean locked = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (Mapping.isHeader(line)) {
                    addIfUsable(mapping, pages, locked, mappings);
                    mapping = Mapping.ofAnonymous(line);
                    pages = 0;
                    locked = false;
                } else {
                    pages += pages(line, "Anonymous:") + pages(line, "Swap:");
                    locked |= pages(line, "Locked:") > 0;
                }
            }
            addIfUsable(mapping, pages, locked, mappings);
        }
        return mappings;
    }

    private static void addIfUsable(Optional<Mapping> mapping, long pages, boolean locked, List<Mapping> mappings) {
        if (mapping.isPresent() && pages > 0 && !locked) {
            mappings.add(mapping.get().withPages(pages));
        }
    }

    /** The value of a line of smaps, if the line is that of {@code label}. */
    private static long pages(String line, String label) {
        if (!line.startsWith(label)) {
            return 0;
        }
        Matcher matcher = KILOBYTES.matcher(line);
        return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 / PAGE_SIZE : 0;
    }

    /** Tells {@code visitor} of the pages of {@code mapping} that are in RAM. */
    void visit(Mapping mapping, PageVisitor visitor) throws IOException {
        if (ranges.isPresent()) {
            visitPopulated(ranges.get(), mapping, visitor);
        } else {
            search(mapping, visitor);
        }
    }

    /** Reads the ranges in which the kernel says that there are pages. */
    private void visitPopulated(PopulatedRanges populated, Mapping mapping, PageVisitor visitor) throws IOException {
        long[] pending = {mapping.start(), mapping.start()};
        populated.visit(mapping.start(), mapping.end(), (start, end) -> {
            if (start - pending[1] > (long) MOST_GAP_PAGES * PAGE_SIZE) {
                visit(pending[0], pending[1], visitor);
                pending[0] = start;
            }
            pending[1] = end;
        });
        visit(pending[0], pending[1], visitor);
    }

    /**
     * Looks, on a kernel that does not say so, at one address after the other until all pages are found, or it has looked at many more
     * addresses than there are pages.
     */
    private void search(Mapping mapping, PageVisitor visitor) throws IOException {
        long due = mapping.pages() * ENTRIES_A_PAGE;
        long most = Math.min(due + spareEntries, (mapping.end() - mapping.start()) / PAGE_SIZE);
        long found = 0;
        long looked = 0;
        while (looked < most && found < mapping.pages()) {
            long start = mapping.start() + looked * PAGE_SIZE;
            long count = Math.min(ENTRIES_AT_ONCE, most - looked);
            found += visit(start, start + count * PAGE_SIZE, visitor);
            looked += count;
        }
        spareEntries -= Math.max(0, looked - due);
        if (mapping.start() + looked * PAGE_SIZE < mapping.end()) {
            unvisited += Math.max(0, mapping.pages() - found);
        }
    }

    /** Looks at all addresses between two. Returns how many have a page. */
    private long visit(long start, long end, PageVisitor visitor) throws IOException {
        long found = 0;
        long address = start;
        while (address < end) {
            int count = (int) Math.min(ENTRIES_AT_ONCE, (end - address) / PAGE_SIZE);
            int read = readEntries(address, count);
            examined += read;
            for (int i = 0; i < read; i++) {
                long entry = entries.getLong(i * Long.BYTES);
                if (isAnonymousAndPresent(entry)) {
                    visitor.present(address + (long) i * PAGE_SIZE, entry & FRAME, (entry & MAPPED_ONCE) != 0);
                    found++;
                } else if ((entry & SWAPPED) != 0) {
                    swapped++;
                    found++;
                }
            }
            if (read < count) {
                break;
            }
            address += (long) count * PAGE_SIZE;
        }
        return found;
    }

    /** The number of addresses looked at. */
    long examined() {
        return examined;
    }

    /** The number of pages not found, because they lie too far from one another. */
    long unvisited() {
        return unvisited;
    }

    /** The number of pages in swap. */
    long swapped() {
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
            ranges.ifPresent(PopulatedRanges::close);
            pagemap.close();
        } finally {
            memory.close();
        }
    }
}

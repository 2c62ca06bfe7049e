package io.ramzswap.notify;

import io.ramzswap.libc.Libc;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.process.ChildProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Memory with known content, in a process of its own, that can be swapped out and freed at will: a sort(1) that is given
 * lines and never told that they have ended. Not in our own memory, which is locked, and whose page tables must not be held
 * by a thread that waits for swap.
 */
final class KnownPages implements AutoCloseable {
    private static final int BYTES = 1 << 20;
    private static final int LINE_BYTES = 256;
    private static final Path ROOT_CGROUP = Path.of("/sys/fs/cgroup/cgroup.procs");
    /** A stretch in the middle of a page: long enough for the mark, even around the end of a line. */
    private static final int PROBE_AT = 2048;

    private static final int PROBE_BYTES = 128;

    private static final long PIECE_BYTES = 64 * 1024;

    private final Libc libc;
    private final Process process;
    private final byte[] mark;
    private final ByteBuffer range = ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());

    /** A part of its memory, as the process sees it. */
    record Piece(long address, long bytes) {}

    private KnownPages(Libc libc, Process process, byte[] mark) {
        this.libc = libc;
        this.process = process;
        this.mark = mark;
    }

    /**
     * Starts the process, and fills its memory; the last of it may take the process a moment longer.
     *
     * @throws IOException if there is no sort(1)
     */
    static KnownPages start(Libc libc) throws IOException {
        byte[] mark = UUID.randomUUID().toString().replace("-", "").getBytes(StandardCharsets.US_ASCII);
        Process process = ChildProcess.start(new ProcessBuilder("sort")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD));
        try (Undo undo = new Undo()) {
            KnownPages pages = undo.with(new KnownPages(libc, process, mark), KnownPages::close);
            pages.leaveCgroup();
            pages.fill();
            return undo.done(pages);
        }
    }

    /** Our control group may forbid swap. What is charged to the process is charged where it then is. */
    private void leaveCgroup() {
        try {
            Files.writeString(ROOT_CGROUP, Long.toString(process.pid()), StandardOpenOption.WRITE);
        } catch (IOException e) {
            // It stays where it is. If it cannot be swapped out there, the test says nothing, and is repeated.
            return;
        }
    }

    private void fill() throws IOException {
        byte[] line = new byte[LINE_BYTES];
        for (int i = 0; i < LINE_BYTES; i++) {
            line[i] = mark[i % mark.length];
        }
        line[LINE_BYTES - 1] = '\n';
        OutputStream input = process.getOutputStream();
        for (int written = 0; written < BYTES; written += LINE_BYTES) {
            input.write(line);
        }
        input.flush();
    }

    /** Its memory in pieces of some pages. */
    List<Piece> pieces() throws IOException {
        List<Piece> pieces = new ArrayList<>();
        for (String map : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "maps"))) {
            String[] fields = map.split(" +", -1);
            if (fields[1].equals("rw-p") && fields[4].equals("0")) {
                String[] bounds = fields[0].split("-", 2);
                long end = Long.parseUnsignedLong(bounds[1], 16);
                for (long at = Long.parseUnsignedLong(bounds[0], 16); at < end; at += PIECE_BYTES) {
                    pieces.add(new Piece(at, Math.min(PIECE_BYTES, end - at)));
                }
            }
        }
        return pieces;
    }

    /**
     * Asks the kernel to swap a piece out. It is left to the kernel whether it does, and where to.
     *
     * @return whether the kernel took it in
     * @throws IOException if the kernel cannot be asked so
     */
    boolean swapOut(Piece piece) throws IOException {
        int descriptor = (int) libc.syscall(Libc.SYS_PIDFD_OPEN, process.pid(), 0, 0, 0, 0, 0);
        if (descriptor < 0) {
            throw new IOException("pidfd_open failed: this kernel is older than 5.10, or the test's process has ended");
        }
        range.putLong(0, piece.address()).putLong(Long.BYTES, piece.bytes());
        long address = Libc.address(range);
        long advised = libc.syscall(Libc.SYS_PROCESS_MADVISE, descriptor, address, 1, Libc.MADV_PAGEOUT, 0, 0);
        libc.close(descriptor);
        return advised > 0;
    }

    /** Whether a page is one of the known ones. */
    boolean isOne(ByteBuffer page) {
        for (int at = PROBE_AT; at <= PROBE_AT + PROBE_BYTES - mark.length; at++) {
            int same = 0;
            while (same < mark.length && page.get(at + same) == mark[same]) {
                same++;
            }
            if (same == mark.length) {
                return true;
            }
        }
        return false;
    }

    /** Ends the process, and so frees its memory. */
    void free() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        free();
    }
}

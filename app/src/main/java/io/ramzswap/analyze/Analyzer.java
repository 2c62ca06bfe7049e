package io.ramzswap.analyze;

import io.ramzswap.host.ProcFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/**
 * Looks at processes twice: first it counts what pages they have in RAM and chooses some, then it reads those. A process may
 * end, and a page leave RAM, in between.
 */
public final class Analyzer {
    /** Frames of the first 256 GiB are known again when a second process shows them; the set takes 8 MiB. */
    private static final long MAX_FRAME = 1L << 26;

    private final Path proc;
    private final int sampleSize;
    private final long seed;
    private final Progress progress;
    private final BitSet seenFrames = new BitSet();
    private int read;
    private int unreadable;
    private int gone;
    private long swapped;
    private long examined;
    private long unvisited;
    private long largest;

    /** Hears how far it is. */
    @FunctionalInterface
    public interface Progress {
        /** So much is done, from 0 to 1. */
        void at(double share);
    }

    /**
     * Not yet started; for one analysis.
     *
     * @param proc where procfs is
     * @param sampleSize pages to read at most
     * @param seed chooses the pages; the same processes and seed give the same choice
     */
    public Analyzer(Path proc, int sampleSize, long seed, Progress progress) {
        this.proc = proc;
        this.sampleSize = sampleSize;
        this.seed = seed;
        this.progress = progress;
    }

    /**
     * Analyses these processes.
     *
     * @param processes their numbers
     */
    public Analysis analyse(List<String> processes) {
        Sample sample = new Sample(sampleSize, seed);
        for (int i = 0; i < processes.size(); i++) {
            survey(processes.get(i), i, sample);
            progress.at((i + 1) / (2.0 * processes.size()));
        }
        try (PageMeter meter = new PageMeter(sample.size())) {
            measure(processes, sample, meter);
            progress.at(1);
            return new Analysis(
                    read,
                    unreadable,
                    gone,
                    sample.offered(),
                    swapped,
                    examined,
                    unvisited,
                    meter.measured(),
                    largest,
                    meter.zeroPages(),
                    meter.sameFilledPages(),
                    meter.duplicatePages(),
                    meter.results());
        }
    }

    private void survey(String process, int number, Sample sample) {
        try (ProcessMemory memory = ProcessMemory.open(proc.resolve(process))) {
            List<Mapping> mappings = memory.mappings();
            for (Mapping mapping : mappings) {
                memory.visit(mapping, (address, frame, mappedOnce) -> {
                    if (mappedOnce || isNew(frame)) {
                        sample.offer(number, address);
                    }
                });
            }
            read += mappings.isEmpty() ? 0 : 1;
            swapped += memory.swapped();
            examined += memory.examined();
            unvisited += memory.unvisited();
        } catch (AccessDeniedException e) {
            unreadable++;
        } catch (IOException e) {
            count(process);
        }
    }

    /** The kernel's page of zeroes and pages shared after fork are mapped often, and are one page each. */
    private boolean isNew(long frame) {
        if (frame == 0 || frame >= MAX_FRAME) {
            return frame != 0;
        }
        boolean seen = seenFrames.get((int) frame);
        seenFrames.set((int) frame);
        return !seen;
    }

    private void count(String process) {
        if (!Files.exists(proc.resolve(process))) {
            gone++;
        } else if (hasMemory(process)) {
            unreadable++;
        }
    }

    /** The kernel's own threads have none, and say so by an error. */
    private boolean hasMemory(String process) {
        try {
            return ProcFile.lines(proc.resolve(process).resolve("status")).stream()
                    .anyMatch(line -> line.startsWith("VmSize:"));
        } catch (IOException e) {
            return false;
        }
    }

    private void measure(List<String> processes, Sample sample, PageMeter meter) {
        ByteBuffer page = ByteBuffer.allocateDirect(ProcessMemory.PAGE_SIZE).order(ByteOrder.nativeOrder());
        int[] order = sample.inOrder();
        int next = 0;
        while (next < order.length) {
            int first = next;
            int process = sample.process(order[first]);
            while (next < order.length && sample.process(order[next]) == process) {
                next++;
            }
            long before = meter.measured();
            try (ProcessMemory memory = ProcessMemory.open(proc.resolve(processes.get(process)))) {
                for (int i = first; i < next; i++) {
                    readOne(memory, sample.address(order[i]), page, meter);
                }
            } catch (IOException e) {
                // It has ended: its pages are gone, and the others tell enough.
                gone++;
            }
            largest = Math.max(largest, meter.measured() - before);
            progress.at(0.5 + next / (2.0 * order.length));
        }
    }

    /** Skips memory that was unmapped meanwhile; the rest of the process can still be read. */
    private static void readOne(ProcessMemory memory, long address, ByteBuffer page, PageMeter meter) {
        boolean whole;
        try {
            whole = memory.read(address, page);
        } catch (IOException e) {
            return;
        }
        if (whole) {
            meter.measure(page);
        }
    }
}

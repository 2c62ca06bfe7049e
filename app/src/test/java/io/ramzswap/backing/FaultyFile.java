package io.ramzswap.backing;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A disk in memory that fails when it is told to, and sees that no two threads ever write to one place at the same time.
 * Pages are copied in small parts, with a pause, so that a reader who is not careful sees half of one.
 */
public final class FaultyFile implements BlockFile {
    private static final int PART_BYTES = 512;
    private static final int PAUSE_AT = 4 * PART_BYTES;
    private static final long READ_NANOS = 20_000;

    /** Each made when it is needed first. */
    private final AtomicReferenceArray<ByteBuffer> pages;

    private final AtomicIntegerArray writers;
    private final AtomicInteger closings = new AtomicInteger();
    private final AtomicIntegerArray readers;
    private final AtomicLong overtaken = new AtomicLong();
    private final AtomicLong collisions = new AtomicLong();
    private volatile Faults faults = Faults.NONE;
    private volatile boolean deadly;
    private volatile CountDownLatch stall = new CountDownLatch(0);
    private final AtomicLong stalled = new AtomicLong();
    private final AtomicLong written = new AtomicLong();

    /**
     * How often what goes wrong, in thousandths of the requests.
     *
     * @param errno of a failed request, positive
     */
    public record Faults(long seed, int failedReads, int failedWrites, int shortCounts, int interrupted, int errno) {
        /** Nothing goes wrong. */
        public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0);

        /** Everything goes wrong, as with a disk that was pulled out. */
        public static Faults all(int errno) {
            return new Faults(0, 1000, 1000, 0, 0, errno);
        }
    }

    private final AtomicLong requests = new AtomicLong();

    /** One of so many pages. */
    public FaultyFile(int slots) {
        pages = new AtomicReferenceArray<>(slots);
        writers = new AtomicIntegerArray(slots);
        readers = new AtomicIntegerArray(slots);
    }

    /** A backing swap on it, formatted. */
    public BackingSwap swap(BackingOptions options) {
        int slots = pages.length();
        try {
            return new BackingSwap(Path.of("faulty"), this, SwapHeader.of(slots), slots, options, List.of());
        } catch (BackingSwapException e) {
            throw new AssertionError(e);
        }
    }

    /** What goes wrong from now on. */
    public void inject(Faults what) {
        faults = what;
    }

    /** Writing throws what nobody expects, from now on. */
    public void makeDeadly() {
        deadly = true;
    }

    /** Every request waits from now on, until the answer is counted down. */
    public CountDownLatch stall() {
        CountDownLatch latch = new CountDownLatch(1);
        stall = latch;
        return latch;
    }

    /** The requests that wait now. */
    public long stalledRequests() {
        return stalled.get();
    }

    /** How often a place was written to while somebody else did. */
    public long collisions() {
        return collisions.get();
    }

    /** How often a place was written to while somebody read it. */
    public long overtakenReads() {
        return overtaken.get();
    }

    private ByteBuffer page(int slot) {
        ByteBuffer page = pages.get(slot);
        if (page == null) {
            pages.compareAndSet(slot, null, ByteBuffer.allocateDirect(AlignedMemory.PAGE_BYTES));
            page = pages.get(slot);
        }
        return page;
    }

    /** Inverts a byte of the disk. */
    public void flipByte(int slot, int index) {
        ByteBuffer page = page(slot);
        page.put(index, (byte) ~page.get(index));
    }

    /** Gives two pages each other's place. */
    public void swapPages(int one, int other) {
        byte[] first = place(one);
        overwrite(one, place(other));
        overwrite(other, first);
    }

    /** What is at a page's place. */
    public byte[] place(int slot) {
        byte[] bytes = new byte[AlignedMemory.PAGE_BYTES];
        page(slot).get(0, bytes);
        return bytes;
    }

    /** Overwrites a place. */
    public void overwrite(int slot, byte[] bytes) {
        page(slot).put(0, bytes);
    }

    @Override
    public int read(AlignedMemory memory, int position, int length, long offset) {
        int first = (int) (offset / AlignedMemory.PAGE_BYTES);
        int end = first + length / AlignedMemory.PAGE_BYTES;
        for (int page = first; page < end; page++) {
            readers.getAndIncrement(page);
        }
        int result = fate(faults.failedReads(), length);
        if (result > 0) {
            // Long enough that somebody may write there who should not.
            LockSupport.parkNanos(READ_NANOS);
            copy(false, offset, memory.bytes(), position, result);
        }
        for (int page = first; page < end; page++) {
            readers.getAndDecrement(page);
        }
        return result;
    }

    @Override
    public int write(AlignedMemory memory, int position, int length, long offset) {
        if (deadly) {
            throw new IllegalStateException("a mistake, by order of the test");
        }
        int first = (int) (offset / AlignedMemory.PAGE_BYTES);
        int end = first + length / AlignedMemory.PAGE_BYTES;
        for (int page = first; page < end; page++) {
            if (writers.getAndIncrement(page) != 0) {
                collisions.incrementAndGet();
            }
            if (readers.get(page) != 0) {
                overtaken.incrementAndGet();
            }
        }
        written.addAndGet(length);
        int result = fate(faults.failedWrites(), length);
        // A failed write may well have changed something.
        copy(true, offset, memory.bytes(), position, result < 0 ? PART_BYTES : result);
        for (int page = first; page < end; page++) {
            writers.getAndDecrement(page);
        }
        return result;
    }

    /** All that was ever sent to be written. */
    public long writtenBytes() {
        return written.get();
    }

    /** What the request will answer. */
    private int fate(int failed, int length) {
        awaitStallsEnd();
        Faults now = faults;
        SplittableRandom random = new SplittableRandom(now.seed() + requests.getAndIncrement() * 0x9E3779B97F4A7C15L);
        if (random.nextInt(1000) < failed) {
            return -now.errno();
        }
        if (random.nextInt(1000) < now.interrupted()) {
            return -4;
        }
        if (random.nextInt(1000) < now.shortCounts()) {
            return random.nextInt(length / PART_BYTES) * PART_BYTES;
        }
        return length;
    }

    private void awaitStallsEnd() {
        CountDownLatch latch = stall;
        if (latch.getCount() > 0) {
            stalled.incrementAndGet();
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            stalled.decrementAndGet();
        }
    }

    private void copy(boolean writing, long offset, ByteBuffer memory, int position, int length) {
        for (int at = 0; at < length; at += PART_BYTES) {
            ByteBuffer page = page((int) ((offset + at) / AlignedMemory.PAGE_BYTES));
            int index = (int) ((offset + at) % AlignedMemory.PAGE_BYTES);
            if (writing) {
                page.put(index, memory, position + at, PART_BYTES);
            } else {
                memory.put(position + at, page, index, PART_BYTES);
            }
            if (at == PAUSE_AT) {
                LockSupport.parkNanos(1);
            }
        }
    }

    /** How often it was closed. */
    public int closings() {
        return closings.get();
    }

    @Override
    public void close() {
        closings.incrementAndGet();
    }
}

package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_FRAMES;
import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_SHIFT;
import static io.ramzswap.allocator.arena.ArenaLayout.FRAME_SHIFT;

import io.ramzswap.allocator.libc.Libc;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Locked memory in frames of 4 KiB, for allocators to cut up.
 *
 * <h2>Terms</h2>
 *
 * <ul>
 *   <li><b>frame</b>: 4 KiB, what is handed out, one or several neighbouring ones at a time
 *   <li><b>chunk</b>: 64 frames, 256 KiB, what is populated at a time
 *   <li><b>slab</b>: 1 GiB, what one ByteBuffer shows
 *   <li><b>reserve</b>: frames that are populated and free, in quarters of chunks that are so as a whole
 * </ul>
 *
 * <h2>How it works</h2>
 *
 * <ol>
 *   <li>An address range is reserved whole; it holds no memory.
 *   <li>A background thread, the refiller, populates chunks so that the reserve is as large as was asked for, as far as the
 *       limit lets frames be handed out at all. It is woken when a quarter of the reserve is gone.
 *   <li>Handing out a frame clears its bit in its chunk's free word, with one compare-and-set. Lowest chunks go first, to
 *       keep the memory together; but single frames, and runs shorter than a quarter of a chunk, go where quarters are
 *       broken already, so that there are whole ones for who needs 16 frames in a row.
 *   <li>When there is no free frame the allocating thread does not populate one itself, because that could make it wait for
 *       memory without bound: it waits a bounded time for the refiller, then refuses by value. Its naps grow, so that a thread
 *       of real-time priority leaves the refiller a CPU. It does not wait at all for a run that the address range has no room
 *       for, nor after a wait in vain, until the refiller gets memory again: a queue of requests waits once, not each in turn.
 *   <li>Freeing sets the bit again. When the reserve has been larger than it should be by half for a second, the refiller
 *       gives the rest back to the kernel: first frames here and there, then whole quarters of chunks.
 * </ol>
 *
 * <p>All state lies in the shared memory itself (see {@code ArenaLayout}), without addresses, written in an order from
 * which {@link #open} recovers after the process was killed at any instruction.
 *
 * <p>All methods but {@link #close} may be called from any thread. A killed or closed arena's buffers must not be touched.
 */
public final class Arena implements AutoCloseable {
    /** Returned when there is no frame to hand out. */
    public static final long NONE = -1;

    /** The size of a frame. */
    public static final int FRAME_BYTES = ArenaLayout.FRAME_BYTES;

    /** The longest run of frames. */
    public static final int MAX_RUN_FRAMES = CHUNK_FRAMES;

    private static final long FIRST_NAP_NANOS = 20_000;
    private static final long LONGEST_NAP_NANOS = 1_000_000;

    private final SharedMemory memory;
    private final long framesBegin;
    private final long framesEnd;
    private final ArenaHeader header;
    private final ChunkMemory chunkMemory;
    private final ChunkTable chunks;
    private final Frames frames;
    private final Budget budget;
    private final Reserve reserve;
    private final Thread refiller;
    private final long refillWaitNanos;
    private final AtomicLong reserveWaits = new AtomicLong();
    private final AtomicLong badFrees = new AtomicLong();
    private final AtomicLong damages = new AtomicLong();

    private Arena(SharedMemory memory, ArenaLayout layout, ArenaHeader header, ArenaOptions options) {
        this.memory = memory;
        this.framesBegin = layout.framesOffset();
        this.framesEnd = layout.totalBytes();
        this.header = header;
        this.frames = new Frames(memory, layout);
        this.chunks = new ChunkTable(memory, layout, frames);
        this.budget = new Budget(header.limitBytes());
        this.chunkMemory = new ChunkMemory(memory, layout, header, chunks, budget);
        this.reserve = new Reserve(chunkMemory, chunks, budget, options);
        this.refillWaitNanos = options.refillWait().toNanos();
        reserve.recover();
        // Before there is a refiller: a frame that it is giving back is in use without a tag, too.
        reclaimUntagged();
        reserve.fill();
        this.refiller = options.threadFactory().newThread(reserve);
        reserve.servedBy(refiller);
        refiller.start();
    }

    /**
     * Reserves a new arena, fills its reserve and starts its refiller.
     *
     * @throws SharedMemoryException if the memory cannot be had
     */
    public static Arena create(ArenaOptions options) {
        return create(options, Libc.system());
    }

    /** {@link #create(ArenaOptions)} on another C library, for tests. */
    public static Arena create(ArenaOptions options, Libc libc) {
        ArenaLayout layout = new ArenaLayout(options.capacityBytes());
        SharedMemory memory = SharedMemory.create(options.name(), layout.totalBytes(), libc);
        ArenaHeader header = new ArenaHeader(memory);
        return startOrClose(memory, () -> {
            int errno = memory.populate(0, layout.recordsOffset());
            if (errno != 0) {
                throw SharedMemoryException.of("cannot populate the header of arena " + options.name(), errno);
            }
            header.write(layout, options.limitBytes());
            return new Arena(memory, layout, header, options);
        });
    }

    /**
     * Takes over the arena that lies in {@code memory}, left by a process that is gone. The limit is the one set last;
     * capacity, name and limit of {@code options} do not count. Frames in use stay so, but for those without a tag: they
     * were being handed out or given back when their process died.
     *
     * @throws SharedMemoryException if there is none of this version; {@code memory} is closed then
     */
    public static Arena open(SharedMemory memory, ArenaOptions options) {
        ArenaHeader header = new ArenaHeader(memory);
        return startOrClose(memory, () -> new Arena(memory, header.read(), header, options));
    }

    private static Arena startOrClose(SharedMemory memory, Supplier<Arena> start) {
        boolean started = false;
        try {
            Arena arena = start.get();
            started = true;
            return arena;
        } finally {
            if (!started) {
                memory.close();
            }
        }
    }

    /** Hands out a frame: its number, or {@link #NONE}. Its bytes are undefined, its word and tag are 0. */
    public long allocateFrame() {
        return allocateRun(1);
    }

    /**
     * Hands out neighbouring frames that lie in one chunk. If they are a power of two they lie at a multiple of it, also
     * their offset does.
     *
     * @param count 1 to {@link #MAX_RUN_FRAMES}
     * @return the number of the first, or {@link #NONE}
     */
    public long allocateRun(int count) {
        if (!budget.take(count)) {
            return NONE;
        }
        long frame = chunks.take(count);
        if (frame == NONE) {
            frame = awaitRefill(count);
        }
        if (frame == NONE) {
            budget.refuse(count);
        } else {
            reserve.taken(count);
        }
        return frame;
    }

    private long awaitRefill(int count) {
        // Who can do without neighbours does not wait in vain before asking for a single frame.
        if (reserve.isHopeless(count) || (count > 1 && reserve.isBackingOff())) {
            return NONE;
        }
        if (reserve.isExhausted()) {
            reserve.demand(count);
            return NONE;
        }
        reserveWaits.incrementAndGet();
        long failures = reserve.populateFailures();
        long began = System.nanoTime();
        long nap = FIRST_NAP_NANOS;
        long frame;
        do {
            if (System.nanoTime() - began > refillWaitNanos) {
                reserve.waitedInVain();
                return NONE;
            }
            reserve.demand(count);
            LockSupport.parkNanos(this, nap);
            nap = Math.min(2 * nap, LONGEST_NAP_NANOS);
            frame = chunks.take(count);
        } while (frame == NONE
                && !reserve.isHopeless(count)
                && !reserve.isExhausted()
                && reserve.populateFailures() == failures);
        return frame;
    }

    /** Takes back all frames that are in use without a tag: their process died while it was handed them, or gave them back. */
    private void reclaimUntagged() {
        for (long frame = nextInUse(0); frame != NONE; frame = nextInUse(frame + 1)) {
            if (frames.tag(frame) == FrameTag.NOBODY) {
                freeFrame(frame);
            }
        }
    }

    /** The first frame from {@code from} on that is handed out, or {@link #NONE}. */
    public long nextInUse(long from) {
        long frame = from;
        int end = chunkMemory.chunksInPlay();
        for (int chunk = (int) (from >>> CHUNK_SHIFT); chunk < end; chunk++) {
            long used = chunks.populated(chunk) & ~chunks.free(chunk) & (-1L << frame);
            if (used != 0) {
                return ((long) chunk << CHUNK_SHIFT) + Long.numberOfTrailingZeros(used);
            }
            frame = 0;
        }
        return NONE;
    }

    /** {@link #freeRun} for a single frame. */
    public boolean freeFrame(long frame) {
        return freeRun(frame, 1);
    }

    /**
     * Takes neighbouring frames back, as they were handed out or in parts. Their words and tags become 0 first.
     *
     * @return false, and that is counted, if one of them is not in use: then all stay as they are
     */
    public boolean freeRun(long frame, int count) {
        int first = (int) frame & (CHUNK_FRAMES - 1);
        if (frame < 0 || frame + count > frameCount() || first + count > CHUNK_FRAMES) {
            badFrees.incrementAndGet();
            return false;
        }
        int chunk = (int) (frame >>> CHUNK_SHIFT);
        long bits = ChunkTable.mask(first, count);
        if ((chunks.free(chunk) & bits) != 0) {
            badFrees.incrementAndGet();
            return false;
        }
        for (int i = 0; i < count; i++) {
            frames.clear(frame + i);
        }
        boolean released = chunks.release(chunk, bits);
        if (released) {
            budget.give(count);
            reserve.given(count);
        } else {
            badFrees.incrementAndGet();
        }
        return released;
    }

    /** Whether the {@code length} bytes at {@code offset} lie within the frames, and can be accessed as a whole. */
    public boolean isWithinFrames(long offset, int length) {
        return offset >= framesBegin
                && offset + length <= framesEnd
                && position(offset) + length <= SharedMemory.SLAB_BYTES;
    }

    /**
     * Counts that an allocator found what it keeps in this arena damaged: a record of it that cannot be, or contradicts another.
     */
    public void countDamage() {
        damages.incrementAndGet();
    }

    /** The sum of what {@link #countDamage} counted and of the arena's own records that were found damaged. */
    public long damages() {
        return damages.get() + chunks.damages();
    }

    /** The offset of a frame's first byte from the start of the arena. */
    public long frameOffset(long frame) {
        return frames.offset(frame);
    }

    /** The frame in which the byte at {@code offset} lies. */
    public long frameAt(long offset) {
        return frames.at(offset);
    }

    /** The word that belongs to who holds the frame; read with acquire semantics. */
    public long frameWord(long frame) {
        return frames.word(frame);
    }

    /** Sets {@link #frameWord}, with release semantics: what was written before is seen by who reads the word. */
    public void setFrameWord(long frame, long word) {
        frames.setWord(frame, word);
    }

    /** The offset of {@link #frameWord} from the start of the arena. */
    public long frameWordOffset(long frame) {
        return frames.wordOffset(frame);
    }

    /** The holder of the frame, a {@link FrameTag}. */
    public int frameTag(long frame) {
        return frames.tag(frame);
    }

    /** Sets {@link #frameTag}. */
    public void setFrameTag(long frame, int tag) {
        frames.setTag(frame, tag);
    }

    /** Frames are numbered from 0 to below this. */
    public long frameCount() {
        return (framesEnd - framesBegin) >>> FRAME_SHIFT;
    }

    /** Whether the frame is handed out. */
    public boolean isInUse(long frame) {
        int chunk = (int) (frame >>> CHUNK_SHIFT);
        return frame >= 0
                && chunk < chunkMemory.chunksInPlay()
                && (chunks.populated(chunk) & ~chunks.free(chunk) & (1L << frame)) != 0;
    }

    /** The slab that holds the byte at {@code offset} of the arena, for absolute access at {@link #position}. */
    public ByteBuffer slab(long offset) {
        return memory.slab(offset);
    }

    /** The position in its slab of the byte at {@code offset}. */
    public static int position(long offset) {
        return SharedMemory.position(offset);
    }

    /** The memory the arena lies in. */
    public SharedMemory memory() {
        return memory;
    }

    /** The first frame of a pool's control area, or {@link #NONE}; see {@link #setRoot}. */
    public long root(int pool) {
        return header.root(pool);
    }

    /** Notes where pool 0 to 15 keeps its state, for {@link #open}. */
    public void setRoot(int pool, long frame) {
        header.setRoot(pool, frame);
    }

    /** Frames handed out and metadata, in bytes: what the limit holds down. */
    public long usedBytes() {
        return budget.usedBytes();
    }

    /**
     * Whether less than half is left of the reserve that there should be: pages come faster than the kernel gives memory.
     * Whoever has work to do here that can wait had better let it wait.
     */
    public boolean isReserveShort() {
        return reserve.isShort();
    }

    /** Memory held of the kernel, in bytes: what is used and the reserve. */
    public long populatedBytes() {
        return budget.usedBytes() + (reserve.freeFrames() << FRAME_SHIFT);
    }

    /** The ceiling of {@link #usedBytes}. */
    public long limitBytes() {
        return budget.limitBytes();
    }

    /** Whether the limit lets {@code frames} more be handed out. */
    public boolean isWithinLimit(int frames) {
        return budget.framesLeft() >= frames;
    }

    /** Changes the ceiling. If more is used already, nothing is handed out until enough was freed. */
    public void setLimitBytes(long limitBytes) {
        header.setLimitBytes(limitBytes);
        budget.setLimitBytes(limitBytes);
        reserve.wake();
    }

    /** The arena in figures. */
    public ArenaStatistics statistics() {
        return new ArenaStatistics(
                budget.framesInUse(),
                reserve.freeFrames(),
                populatedBytes(),
                budget.metadataBytes(),
                reserve.framesGivenBack(),
                reserve.chunksGivenBack(),
                reserve.chunksPopulated(),
                reserveWaits.get(),
                budget.refusals(),
                reserve.populateFailures(),
                badFrees.get(),
                budget.highWaterBytes());
    }

    /** Stops the refiller and unmaps the memory. No other thread may be in a call, and no buffer may be touched after. */
    @Override
    public void close() {
        reserve.stop();
        boolean interrupted = false;
        while (refiller.isAlive()) {
            try {
                refiller.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        memory.close();
    }
}

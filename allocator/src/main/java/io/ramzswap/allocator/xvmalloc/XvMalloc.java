package io.ramzswap.allocator.xvmalloc;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import io.ramzswap.allocator.arena.SharedMemory;
import java.nio.ByteBuffer;

/**
 * The allocator of the 2009 ramzswap driver, after its posting: best fit from two-level bitmaps, as in TLSF, within frames
 * of 4 KiB.
 *
 * <h2>Terms</h2>
 *
 * <ul>
 *   <li><b>block</b>: a header of 4 bytes and a payload, used or free; the blocks of a frame cover it without gaps
 *   <li><b>stripe</b>: a part of the frames with free lists and a lock of its own, so that threads do not wait for each
 *       other. The driver had one lock, which it regretted
 * </ul>
 *
 * <pre>
 *  frame  0                                                              4096
 *         +---+-----------+---+-------+---+--------------------+---+------+
 *         | h | payload   | h | free  | h | payload            | h | free |      h: see BlockHeader
 *         +---+-----------+---+-------+---+--------------------+---+------+
 *  frame word  | 0 ... | pool: 8 | stripe + 1: 8 |
 *
 *  handle      the offset of the payload's first byte from the start of the arena. Its low 12 bits are 0 for an object
 *              that has a frame of its own, which a payload in a cut-up frame never does
 * </pre>
 *
 * <h2>Allocate</h2>
 *
 * <ol>
 *   <li>Sizes are rounded up to 4 bytes; what does not fit a frame with its header gets a frame of its own.
 *   <li>The thread goes to its stripe, or to the next that is not locked.
 *   <li>The bitmaps give the first list of blocks that are all large enough. Its first block is taken.
 *   <li>The rest of the block becomes a free block, if it is large enough to be one.
 *   <li>If there is no block, the stripe gets a frame of the arena, outside of its lock. If the arena has none, the other
 *       stripes are asked.
 * </ol>
 *
 * <h2>Free</h2>
 *
 * <ol>
 *   <li>The frame's word tells the stripe.
 *   <li>The block merges with free neighbours, which its own and the next header tell of.
 *   <li>If it covers its frame now, the frame goes back to the arena; else it goes to the list for its size.
 * </ol>
 *
 * <p>Both take constant time. Nothing is ever moved, so a pool that lived long holds more than it uses.
 */
public final class XvMalloc implements Allocator {
    private static final int DEFAULT_STRIPES = 4;
    private static final int MAX_STRIPES = Arena.MAX_RUN_FRAMES / FreeLists.CONTROL_FRAMES;
    private static final int PAYLOAD_STEP_BYTES = 4;

    private final Arena arena;
    private final SharedMemory memory;
    private final int pool;
    private final Stripe[] stripes;

    private XvMalloc(Arena arena, int pool, long controlFrame, int stripeCount) {
        this.arena = arena;
        this.memory = arena.memory();
        this.pool = pool;
        this.stripes = new Stripe[stripeCount];
        for (int i = 0; i < stripeCount; i++) {
            stripes[i] = new Stripe(memory, arena.frameOffset(controlFrame + (long) i * FreeLists.CONTROL_FRAMES));
            stripes[i].clear();
        }
    }

    /** A new allocator as pool 0 of the arena, with four stripes. */
    public static XvMalloc create(Arena arena) {
        return create(arena, 0, DEFAULT_STRIPES);
    }

    /**
     * A new allocator.
     *
     * @param pool its number in the arena, 0 to 15
     * @param stripeCount 1 to 32; as many as threads that allocate at once
     * @throws IllegalStateException if the arena has no memory for the control area, 8 KiB a stripe
     */
    public static XvMalloc create(Arena arena, int pool, int stripeCount) {
        if (stripeCount < 1 || stripeCount > MAX_STRIPES) {
            throw new IllegalArgumentException(stripeCount + " stripes are not within 1 to " + MAX_STRIPES);
        }
        long control = arena.allocateRun(stripeCount * FreeLists.CONTROL_FRAMES);
        if (control == Arena.NONE) {
            throw new IllegalStateException("cannot create xvmalloc: the arena has no frames left within its limit of "
                    + arena.limitBytes() + " bytes");
        }
        XvMalloc created = new XvMalloc(arena, pool, control, stripeCount);
        for (int i = 0; i < stripeCount * FreeLists.CONTROL_FRAMES; i++) {
            arena.setFrameTag(control + i, FrameTag.CONTROL);
        }
        arena.setFrameWord(control, stripeCount);
        arena.setRoot(pool, control);
        return created;
    }

    /** Takes over the pool that a process which is gone left in an arena. Objects in use stay so. */
    public static XvMalloc open(Arena arena, int pool) {
        long control = arena.root(pool);
        if (control == Arena.NONE) {
            throw new IllegalStateException("cannot open xvmalloc: the arena has no pool " + pool);
        }
        XvMalloc opened = new XvMalloc(arena, pool, control, (int) arena.frameWord(control));
        opened.recover();
        return opened;
    }

    private void recover() {
        for (long frame = 0; frame < arena.frameCount(); frame++) {
            if (arena.isInUse(frame) && arena.frameTag(frame) == FrameTag.XVMALLOC) {
                long word = arena.frameWord(frame);
                if (word >>> 8 == pool && !stripeOf(word).recoverFrame(arena.frameOffset(frame))) {
                    arena.freeFrame(frame);
                }
            }
        }
    }

    @Override
    public long allocate(int sizeBytes) {
        assert sizeBytes > 0 && sizeBytes <= MAX_OBJECT_BYTES : "size " + sizeBytes;
        if (sizeBytes > FreeLists.MAX_PAYLOAD_BYTES) {
            return allocateWhole();
        }
        int payload = Math.max(FreeLists.MIN_PAYLOAD_BYTES, (sizeBytes + PAYLOAD_STEP_BYTES - 1) & -PAYLOAD_STEP_BYTES);
        int index = lockAny();
        Stripe stripe = stripes[index];
        long block = stripe.allocate(payload);
        stripe.lock.unlock();
        if (block == Stripe.NONE) {
            block = allocateFromNewFrame(index, payload);
        }
        return block == Stripe.NONE ? NONE : block + BlockHeader.BYTES;
    }

    private long allocateWhole() {
        long frame = arena.allocateFrame();
        if (frame == Arena.NONE) {
            return NONE;
        }
        arena.setFrameWord(frame, (long) pool << 8);
        arena.setFrameTag(frame, FrameTag.WHOLE);
        return arena.frameOffset(frame);
    }

    /** Locks the thread's stripe, or the next one that is free. */
    private int lockAny() {
        int count = stripes.length;
        int own = (int) (Thread.currentThread().getId() % count);
        for (int i = 0; i < count; i++) {
            int index = (own + i) % count;
            if (stripes[index].lock.tryLock()) {
                return index;
            }
        }
        stripes[own].lock.lock();
        return own;
    }

    private long allocateFromNewFrame(int index, int payload) {
        long frame = arena.allocateFrame();
        if (frame == Arena.NONE) {
            return allocateElsewhere(index, payload);
        }
        long offset = arena.frameOffset(frame);
        Stripe stripe = stripes[index];
        stripe.lock.lock();
        stripe.addFrame(offset);
        arena.setFrameWord(frame, ((long) pool << 8) | (index + 1));
        arena.setFrameTag(frame, FrameTag.XVMALLOC);
        long block = stripe.allocate(payload);
        stripe.lock.unlock();
        return block;
    }

    private long allocateElsewhere(int notHere, int payload) {
        for (int i = 0; i < stripes.length; i++) {
            if (i != notHere) {
                Stripe stripe = stripes[i];
                stripe.lock.lock();
                long block = stripe.allocate(payload);
                stripe.lock.unlock();
                if (block != Stripe.NONE) {
                    return block;
                }
            }
        }
        return Stripe.NONE;
    }

    @Override
    public void free(long handle) {
        long frame = arena.frameAt(handle);
        if (isWhole(handle)) {
            assert arena.frameTag(frame) == FrameTag.WHOLE : "no object at " + handle;
            arena.freeFrame(frame);
            return;
        }
        assert arena.frameTag(frame) == FrameTag.XVMALLOC : "no object at " + handle;
        Stripe stripe = stripeOf(arena.frameWord(frame));
        stripe.lock.lock();
        boolean emptied;
        try {
            emptied = stripe.free(handle - BlockHeader.BYTES);
        } finally {
            stripe.lock.unlock();
        }
        if (emptied) {
            arena.freeFrame(frame);
        }
    }

    private Stripe stripeOf(long frameWord) {
        return stripes[((int) frameWord & 0xFF) - 1];
    }

    private static boolean isWhole(long handle) {
        return (handle & (Arena.FRAME_BYTES - 1)) == 0;
    }

    @Override
    public long offset(long handle) {
        return handle;
    }

    @Override
    public int size(long handle) {
        if (isWhole(handle)) {
            return MAX_OBJECT_BYTES;
        }
        long block = handle - BlockHeader.BYTES;
        ByteBuffer slab = memory.slab(block);
        return BlockHeader.payloadBytes(slab.getInt(SharedMemory.position(block)));
    }
}

package io.ramzswap.allocator.pool;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An allocator's share of an arena: its number there, its control area, its runs of frames, and the objects that have a
 * frame of their own: because no allocator's layout takes 4096 bytes in a frame beside its headers, or because no run of
 * frames was to be had.
 *
 * <pre>
 *  frame word   63     56 55     48 47                        0
 *              +---------+---------+---------------------------+
 *              |  pool   |  check  |  up to the allocator      |      check: the exclusive or of all bytes is 0xA5
 *              +---------+---------+---------------------------+
 * </pre>
 *
 * <p>A frame whose word fails its check is this allocator's no more: it is never given out again, nor given back, and what of its
 * objects is freed stays taken. Whoever finds that counts it with {@link #countDamage}.
 *
 * <p>The first frame of a run is tagged last when it is taken and untagged first when it is given back, so that a run which
 * a killed process left is either whole or, to {@link #recover}, nobody's.
 */
public final class Pool {
    /** No payload. */
    public static final long NO_RUN = -1;

    private static final int POOL_SHIFT = 56;
    private static final int CHECK_SHIFT = 48;
    private static final int CHECK = 0xA5;
    private static final long PAYLOAD_MASK = (1L << CHECK_SHIFT) - 1;
    private static final int KIND_SHIFT = 40;

    private final Arena arena;
    private final int number;
    private final int kind;
    private final long controlFrame;
    private final int controlFrames;
    private final AtomicLong wholeFrames = new AtomicLong();
    private final AtomicLong runFrames = new AtomicLong();

    private Pool(Arena arena, int number, int kind, long controlFrame, int controlFrames) {
        this.arena = arena;
        this.number = number;
        this.kind = kind;
        this.controlFrame = controlFrame;
        this.controlFrames = controlFrames;
    }

    /**
     * Takes a control area of zeros and registers it as pool {@code number} of the arena, 0 to 15.
     *
     * @param kind the tag of the allocator's frames, which {@link #open} checks
     * @throws IllegalStateException if the arena has no memory for it
     */
    public static Pool create(Arena arena, int number, int kind, int controlFrames) {
        long control = arena.allocateRun(controlFrames);
        if (control == Arena.NONE) {
            throw new IllegalStateException("cannot create an allocator: the arena has no " + controlFrames
                    + " frames left within its limit of " + arena.limitBytes() + " bytes");
        }
        for (int i = 0; i < controlFrames; i++) {
            long offset = arena.frameOffset(control + i);
            for (int at = 0; at < Arena.FRAME_BYTES; at += Long.BYTES) {
                arena.slab(offset).putLong(Arena.position(offset) + at, 0);
            }
            arena.setFrameTag(control + i, FrameTag.CONTROL);
        }
        Pool pool = new Pool(arena, number, kind, control, controlFrames);
        arena.setFrameWord(control, pool.word(((long) kind << KIND_SHIFT) | controlFrames));
        arena.setRoot(number, control);
        return pool;
    }

    /**
     * The pool that an earlier process created in the arena.
     *
     * @throws IllegalStateException if there is none, or one of another kind
     */
    public static Pool open(Arena arena, int number, int kind) {
        long control = arena.root(number);
        if (control == Arena.NONE) {
            throw new IllegalStateException("cannot open the allocator: the arena has no pool " + number);
        }
        long word = arena.frameWord(control) & PAYLOAD_MASK;
        int found = (int) (word >>> KIND_SHIFT);
        if (found != kind) {
            throw new IllegalStateException(
                    "cannot open the allocator: pool " + number + " is of kind " + found + ", not " + kind);
        }
        return new Pool(arena, number, kind, control, (short) word);
    }

    /** The arena. */
    public Arena arena() {
        return arena;
    }

    /** The offset of a frame of the control area. */
    public long controlOffset(int frame) {
        return arena.frameOffset(controlFrame + frame);
    }

    /** The frames of the control area. */
    public int controlFrames() {
        return controlFrames;
    }

    private long word(long payload) {
        long word = ((long) number << POOL_SHIFT) | payload;
        return word | (fold(word) ^ CHECK) << CHECK_SHIFT;
    }

    /** The exclusive or of all bytes. */
    private static long fold(long word) {
        long folded = word ^ word >>> 32;
        folded ^= folded >>> 16;
        folded ^= folded >>> 8;
        return folded & 0xff;
    }

    /** The frame's word without the pool's number. */
    public long payload(long frame) {
        return arena.frameWord(frame) & PAYLOAD_MASK;
    }

    /** Sets what {@link #payload} tells. */
    public void setPayload(long frame, long payload) {
        arena.setFrameWord(frame, word(payload));
    }

    /** Takes a run of frames, of which nobody else knows before {@link #publishRun}; or {@link Arena#NONE}. */
    public long takeRun(int count) {
        long frame = arena.allocateRun(count);
        if (frame != Arena.NONE) {
            runFrames.getAndAdd(count);
        }
        return frame;
    }

    /** Marks a run as this allocator's, once its content is in order. Frames behind the first keep their words. */
    public void publishRun(long frame, int count, long payload) {
        for (long tail = frame + 1; tail < frame + count; tail++) {
            if (arena.frameWord(tail) == 0) {
                setPayload(tail, tail - frame);
            }
            arena.setFrameTag(tail, FrameTag.TAIL);
        }
        setPayload(frame, payload);
        arena.setFrameTag(frame, kind);
    }

    /** Gives a run back. If that fails it stays taken. */
    public void freeRun(long frame, int count) {
        if (arena.freeRun(frame, count)) {
            runFrames.getAndAdd(-count);
        }
    }

    /** Whether the frame, one of the arena, is the first of a run of this pool. */
    public boolean isRun(long frame) {
        return arena.frameTag(frame) == kind && isMine(frame);
    }

    /** The {@link #payload} of the frame if it is one of the arena and the first of a run of this pool; else {@link #NO_RUN}. */
    public long runPayload(long frame) {
        if (!isFrame(frame) || arena.frameTag(frame) != kind) {
            return NO_RUN;
        }
        long word = arena.frameWord(frame);
        return isMyWord(word) ? word & PAYLOAD_MASK : NO_RUN;
    }

    /** Whether the frame's word is this pool's, and sound. */
    private boolean isMine(long frame) {
        return isMyWord(arena.frameWord(frame));
    }

    private boolean isMyWord(long word) {
        return word >>> POOL_SHIFT == number && fold(word) == CHECK;
    }

    /** Whether this is the number of a frame of the arena. */
    public boolean isFrame(long frame) {
        return frame >= 0 && frame < arena.frameCount();
    }

    /**
     * The frame with which the run begins that {@code frame} is in: itself, or one that its word tells; or {@link Arena#NONE} if
     * that is damaged.
     */
    public long runOf(long frame) {
        if (!isFrame(frame)) {
            return Arena.NONE;
        }
        long first = arena.frameTag(frame) == FrameTag.TAIL && isMine(frame) ? frame - payload(frame) : frame;
        return first >= 0 && isRun(first) ? first : Arena.NONE;
    }

    /** Counts that something was found damaged. */
    public void countDamage() {
        arena.countDamage();
    }

    /** An object that has a frame of its own: its handle, or {@link Allocator#NONE}. */
    public long allocateWhole() {
        long frame = arena.allocateFrame();
        if (frame == Arena.NONE) {
            return Allocator.NONE;
        }
        wholeFrames.getAndIncrement();
        setPayload(frame, 1);
        arena.setFrameTag(frame, FrameTag.WHOLE);
        return arena.frameOffset(frame);
    }

    /** Whether the handle, of an object in use, is of one with a frame of its own: it starts where such a frame does. */
    public boolean isWhole(long handle) {
        return (handle & (Arena.FRAME_BYTES - 1)) == 0
                && isFrame(arena.frameAt(handle))
                && arena.frameTag(arena.frameAt(handle)) == FrameTag.WHOLE;
    }

    /** Frees an object that has a frame of its own. Returns false, and that is counted, if it is damaged: it stays. */
    public boolean freeWhole(long handle) {
        long frame = arena.frameAt(handle);
        if (!isMine(frame)) {
            countDamage();
            return false;
        }
        boolean freed = arena.freeFrame(frame);
        if (freed) {
            wholeFrames.getAndDecrement();
        }
        return freed;
    }

    /** Visits the objects that have a frame of their own. */
    public void forEachWhole(Allocator.ObjectVisitor visitor) {
        for (long frame = arena.nextInUse(0); frame != Arena.NONE; frame = arena.nextInUse(frame + 1)) {
            if (arena.frameTag(frame) == FrameTag.WHOLE && isMine(frame)) {
                visitor.visit(arena.frameOffset(frame));
            }
        }
    }

    /** The first frame from {@code from} on that starts a run of this pool, or {@link Arena#NONE}. */
    public long nextRun(long from) {
        return nextRun(from, 1);
    }

    /** {@link #nextRun(long)}, where runs start at multiples of {@code alignment}, a power of two. */
    public long nextRun(long from, int alignment) {
        long frame = arena.nextInUse(from);
        while (frame != Arena.NONE) {
            long aligned = (frame + alignment - 1) & -(long) alignment;
            if (frame == aligned && isRun(frame)) {
                return frame;
            }
            frame = arena.nextInUse(frame == aligned ? frame + 1 : aligned);
        }
        return Arena.NONE;
    }

    /**
     * After a process was killed: frees the frames of runs that it did not finish taking or giving back, and counts the
     * others. Runs before {@link #nextRun} is used.
     *
     * @param runFramesOf how long the run that starts with a frame is
     */
    public void recover(RunLength runFramesOf) {
        long tails = 0;
        long whole = 0;
        long runs = 0;
        for (long frame = arena.nextInUse(0); frame != Arena.NONE; frame = arena.nextInUse(frame + 1)) {
            int tag = arena.frameTag(frame);
            if (isRun(frame)) {
                tails = frame + runFramesOf.frames(frame);
                runs += runFramesOf.frames(frame);
            } else if (tag == FrameTag.TAIL && isMine(frame) && frame >= tails) {
                arena.freeFrame(frame);
            } else if (tag == FrameTag.WHOLE && isMine(frame)) {
                whole++;
            }
        }
        runFrames.set(runs);
        wholeFrames.set(whole);
    }

    /** Tells how many frames a run has. */
    @FunctionalInterface
    public interface RunLength {
        /** The length of the run that starts with {@code frame}. */
        int frames(long frame);
    }

    /** Objects that have a frame of their own. */
    public long wholeObjects() {
        return wholeFrames.get();
    }

    /** All frames of this allocator, in bytes. */
    public long heldBytes() {
        return (controlFrames + wholeFrames.get() + runFrames.get()) * Arena.FRAME_BYTES;
    }
}

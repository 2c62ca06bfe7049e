package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_FRAMES;
import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_SHIFT;
import static io.ramzswap.allocator.arena.ArenaLayout.FRAME_SHIFT;
import static io.ramzswap.allocator.arena.ArenaLayout.RECORD_BYTES;
import static io.ramzswap.allocator.arena.ArenaLayout.TAGS;
import static io.ramzswap.allocator.arena.ArenaLayout.WORD_BYTES;

import java.lang.invoke.VarHandle;

/** The offsets of frames, and the word and tag beside each. */
final class Frames {
    private final SharedMemory memory;
    private final long framesOffset;
    private final long wordsOffset;
    private final long recordsOffset;

    Frames(SharedMemory memory, ArenaLayout layout) {
        this.memory = memory;
        this.framesOffset = layout.framesOffset();
        this.wordsOffset = layout.wordsOffset();
        this.recordsOffset = layout.recordsOffset();
    }

    long offset(long frame) {
        return framesOffset + (frame << FRAME_SHIFT);
    }

    long at(long offset) {
        return (offset - framesOffset) >>> FRAME_SHIFT;
    }

    long wordOffset(long frame) {
        return wordsOffset + frame * WORD_BYTES;
    }

    long word(long frame) {
        return memory.getLongAcquire(wordOffset(frame));
    }

    void setWord(long frame, long word) {
        memory.putLongRelease(wordOffset(frame), word);
    }

    int tag(long frame) {
        long at = tagAt(frame);
        return memory.slab(at).get(SharedMemory.position(at));
    }

    void setTag(long frame, int tag) {
        long at = tagAt(frame);
        VarHandle.releaseFence();
        memory.slab(at).put(SharedMemory.position(at), (byte) tag);
    }

    /** Whether the frame has neither a word nor a tag, as one that is free. */
    boolean isNobodys(long frame) {
        return tag(frame) == FrameTag.NOBODY && word(frame) == 0;
    }

    /** The frames of a chunk that have a tag, one bit each. */
    long tagged(int chunk) {
        long bits = 0;
        long at = recordsOffset + (long) chunk * RECORD_BYTES + TAGS;
        for (int i = 0; i < CHUNK_FRAMES; i++) {
            bits |= memory.slab(at).get(SharedMemory.position(at) + i) == FrameTag.NOBODY ? 0 : 1L << i;
        }
        return bits;
    }

    void clear(long frame) {
        setTag(frame, FrameTag.NOBODY);
        setWord(frame, 0);
    }

    private long tagAt(long frame) {
        return recordsOffset + (frame >>> CHUNK_SHIFT) * RECORD_BYTES + TAGS + (frame & (CHUNK_FRAMES - 1));
    }
}

package io.ramzswap.allocator.arena;

import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_FRAMES;
import static io.ramzswap.allocator.arena.ArenaLayout.CHUNK_SHIFT;
import static io.ramzswap.allocator.arena.ArenaLayout.FRAME_SHIFT;
import static io.ramzswap.allocator.arena.ArenaLayout.RECORD_BYTES;
import static io.ramzswap.allocator.arena.ArenaLayout.TAGS;
import static io.ramzswap.allocator.arena.ArenaLayout.WORD_BYTES;

import java.lang.invoke.VarHandle;

/** Where frames lie, and the word and tag beside each. */
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

    long word(long frame) {
        return memory.getLongAcquire(wordsOffset + frame * WORD_BYTES);
    }

    void setWord(long frame, long word) {
        memory.putLongRelease(wordsOffset + frame * WORD_BYTES, word);
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

    void clear(long frame) {
        setTag(frame, FrameTag.NOBODY);
        setWord(frame, 0);
    }

    private long tagAt(long frame) {
        return recordsOffset + (frame >>> CHUNK_SHIFT) * RECORD_BYTES + TAGS + (frame & (CHUNK_FRAMES - 1));
    }
}

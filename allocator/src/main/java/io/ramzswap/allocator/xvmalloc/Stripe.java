package io.ramzswap.allocator.xvmalloc;

import static io.ramzswap.allocator.xvmalloc.BlockHeader.FREE;
import static io.ramzswap.allocator.xvmalloc.BlockHeader.PREVIOUS_FREE;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.lock.SpinLock;
import java.nio.ByteBuffer;

/** A part of the frames with free lists and a lock of its own. The caller holds {@link #lock}. */
final class Stripe {
    static final long NONE = -1;

    final SpinLock lock = new SpinLock();
    private final SharedMemory memory;
    private final FreeLists freeLists;

    Stripe(SharedMemory memory, long controlOffset) {
        this.memory = memory;
        this.freeLists = new FreeLists(memory, controlOffset);
    }

    void clear() {
        freeLists.clear();
    }

    /** Takes a frame in as one free block. */
    void addFrame(long frameOffset) {
        setHeader(frameOffset, BlockHeader.of(0, FreeLists.MAX_PAYLOAD_BYTES, FREE));
        freeLists.add(frameOffset, FreeLists.MAX_PAYLOAD_BYTES);
    }

    /** The offset of a block's header, or {@link #NONE} if no free block is large enough. */
    long allocate(int payloadBytes) {
        long block = freeLists.takeFitting(payloadBytes);
        if (block == 0) {
            return NONE;
        }
        int header = header(block);
        int available = BlockHeader.payloadBytes(header);
        int rest = available - payloadBytes - BlockHeader.BYTES;
        int flags = header & PREVIOUS_FREE;
        if (rest >= FreeLists.MIN_PAYLOAD_BYTES) {
            split(block, header, payloadBytes, rest, flags);
        } else {
            setHeader(block, BlockHeader.of(BlockHeader.previous(header), available, flags));
            updateNext(block, available, false);
        }
        return block;
    }

    private void split(long block, int header, int payloadBytes, int rest, int flags) {
        long remainder = block + BlockHeader.BYTES + payloadBytes;
        // The remainder's header first: the frame can be walked at every moment.
        setHeader(remainder, BlockHeader.of(inFrame(block), rest, FREE));
        setHeader(block, BlockHeader.of(BlockHeader.previous(header), payloadBytes, flags));
        updateNext(remainder, rest, true);
        freeLists.add(remainder, rest);
    }

    /** Frees a block and merges it with free neighbours; true if the whole frame is free now, and in no list. */
    boolean free(long freed) {
        long block = freed;
        int header = header(block);
        assert !BlockHeader.isFree(header) : "block at " + block + " freed twice";
        int payload = BlockHeader.payloadBytes(header);
        long next = block + BlockHeader.BYTES + payload;
        if (inFrame(next) != 0 && BlockHeader.isFree(header(next))) {
            int nextPayload = BlockHeader.payloadBytes(header(next));
            freeLists.remove(next, nextPayload);
            payload += BlockHeader.BYTES + nextPayload;
        }
        if (BlockHeader.isPreviousFree(header)) {
            block = (block & -Arena.FRAME_BYTES) + BlockHeader.previous(header);
            header = header(block);
            int previousPayload = BlockHeader.payloadBytes(header);
            freeLists.remove(block, previousPayload);
            payload += BlockHeader.BYTES + previousPayload;
        }
        setHeader(block, BlockHeader.of(BlockHeader.previous(header), payload, FREE | (header & PREVIOUS_FREE)));
        if (payload == FreeLists.MAX_PAYLOAD_BYTES) {
            return true;
        }
        updateNext(block, payload, true);
        freeLists.add(block, payload);
        return false;
    }

    /** Tells the block behind {@code block} where that starts and whether it is free. */
    private void updateNext(long block, int payload, boolean isFree) {
        long next = block + BlockHeader.BYTES + payload;
        if (inFrame(next) != 0) {
            int header = BlockHeader.withPrevious(header(next), inFrame(block));
            setHeader(next, isFree ? header | PREVIOUS_FREE : header & ~PREVIOUS_FREE);
        }
    }

    /**
     * Takes over a frame that a killed process left: fixes what follows from the blocks' sizes, merges free neighbours,
     * lists the free blocks.
     *
     * @return false if no block is in use; the frame is in no list then
     */
    boolean recoverFrame(long frameOffset) {
        long block = frameOffset;
        int previous = 0;
        boolean used = false;
        int previousFlag = 0;
        do {
            int header = header(block);
            int payload = BlockHeader.payloadBytes(header);
            boolean isFree = BlockHeader.isFree(header);
            if (isFree) {
                payload = freeBytesFrom(block, payload);
            }
            used |= !isFree;
            setHeader(block, BlockHeader.of(previous, payload, previousFlag | (header & FREE)));
            if (isFree && payload < FreeLists.MAX_PAYLOAD_BYTES) {
                freeLists.add(block, payload);
            }
            previous = inFrame(block);
            previousFlag = isFree ? PREVIOUS_FREE : 0;
            block += BlockHeader.BYTES + payload;
        } while (inFrame(block) != 0);
        return used;
    }

    private int freeBytesFrom(long block, int payload) {
        int bytes = payload;
        long next = block + BlockHeader.BYTES + bytes;
        while (inFrame(next) != 0 && BlockHeader.isFree(header(next))) {
            bytes += BlockHeader.BYTES + BlockHeader.payloadBytes(header(next));
            next = block + BlockHeader.BYTES + bytes;
        }
        return bytes;
    }

    private static int inFrame(long offset) {
        return (int) offset & (Arena.FRAME_BYTES - 1);
    }

    private int header(long block) {
        return memory.slab(block).getInt(SharedMemory.position(block));
    }

    private void setHeader(long block, int header) {
        ByteBuffer slab = memory.slab(block);
        slab.putInt(SharedMemory.position(block), header);
    }
}

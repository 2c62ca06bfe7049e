package io.ramzswap.allocator.block;

import static io.ramzswap.allocator.block.BlockHeader.FREE;
import static io.ramzswap.allocator.block.BlockHeader.PREVIOUS_FREE;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.pool.SpinLock;
import java.lang.invoke.VarHandle;

/**
 * A share of an allocator's regions, with free lists and a lock of its own. A region is cut into blocks without gaps:
 *
 * <pre>
 *  0                                                          regionBytes
 *  +---+-----------+---+-------+---+--------------------+---+------+
 *  | h | payload   | h | free  | h | payload            | h | free |      h: see BlockHeader
 *  +---+-----------+---+-------+---+--------------------+---+------+
 * </pre>
 *
 * <p>Whoever walks a region, at whatever moment its process was killed, finds blocks without gaps. Blocks are known by the
 * offset of their header from the start of the arena.
 *
 * <p>The caller holds {@link #lock}, but for {@link #payloadBytes} of a block in use.
 */
public final class BlockStripe {
    /** No block. */
    public static final long NONE = -1;

    /** Frames of the control area of a stripe. */
    public static final int CONTROL_FRAMES = FreeLists.CONTROL_FRAMES;

    private static final int PAYLOAD_STEP_BYTES = 4;

    /** The most that an object takes. */
    private static final int MOST_OBJECT_PAYLOAD_BYTES = payloadFor(Allocator.MAX_OBJECT_BYTES);

    /** Keeps the counts of two stripes off each other's cache lines. */
    private static final int PADDING = 16;

    private static final int REGIONS = PADDING;
    private static final int OBJECTS = PADDING + 1;
    private static final int OBJECT_BYTES = PADDING + 2;

    /** Held by the caller of whatever changes the stripe. */
    public final SpinLock lock = new SpinLock();

    private final SharedMemory memory;
    private final FreeLists freeLists;
    private final int regionBytes;
    private final FreeLists.Owner owner;
    private final long[] counts = new long[OBJECT_BYTES + 1 + PADDING];

    /** A stripe without regions; {@code regionBytes} is a power of two, at most 64 KiB. */
    BlockStripe(SharedMemory memory, long controlOffset, int regionBytes, FreeLists.Owner owner) {
        this.memory = memory;
        this.freeLists = new FreeLists(memory, controlOffset, regionBytes, owner);
        this.regionBytes = regionBytes;
        this.owner = owner;
    }

    private long count(int which) {
        return counts[which];
    }

    private void add(int which, long number) {
        counts[which] += number;
    }

    /** The payload of a region that is one block. */
    public static int maxPayloadBytes(int regionBytes) {
        return regionBytes - BlockHeader.BYTES;
    }

    /** The payload that an object of {@code sizeBytes} takes. */
    public static int payloadFor(int sizeBytes) {
        return (sizeBytes + PAYLOAD_STEP_BYTES - 1) & -PAYLOAD_STEP_BYTES;
    }

    /** Makes a region one free block; needs no lock, for nobody knows the region yet. */
    public void format(long region) {
        setHeader(region, BlockHeader.of(0, maxPayloadBytes(regionBytes), FREE));
    }

    /** Takes a formatted region in. */
    public void addRegion(long region) {
        add(REGIONS, 1);
        freeLists.add(region, maxPayloadBytes(regionBytes));
    }

    /** Takes a block of {@code payloadBytes}, a multiple of 4, or {@link #NONE}. What a larger one leaves is split off. */
    public long allocate(int payloadBytes) {
        return use(freeLists.takeFitting(payloadBytes), payloadBytes);
    }

    /** The same, beside the block that was taken so before, where there is room for many. */
    public long allocateBeside(int payloadBytes) {
        return use(freeLists.takeRoomy(payloadBytes), payloadBytes);
    }

    private long use(long block, int payloadBytes) {
        if (block == 0) {
            return NONE;
        }
        int header = header(block);
        int available = BlockHeader.payloadBytes(header);
        int rest = available - payloadBytes - BlockHeader.BYTES;
        add(OBJECTS, 1);
        add(OBJECT_BYTES, payloadBytes);
        if (rest >= 0) {
            split(block, header, payloadBytes, rest);
        } else {
            setHeader(block, header & ~FREE);
            updateNext(block, available, false);
        }
        return block;
    }

    private void split(long block, int header, int payloadBytes, int rest) {
        long remainder = block + BlockHeader.BYTES + payloadBytes;
        // The remainder's header first: the region can be walked at every moment.
        setHeader(remainder, BlockHeader.of(inRegion(block), rest, FREE));
        VarHandle.storeStoreFence();
        setHeader(block, BlockHeader.of(BlockHeader.previous(header), payloadBytes, header & PREVIOUS_FREE));
        updateNext(remainder, rest, true);
        freeLists.add(remainder, rest);
    }

    /**
     * Whether there is a block of an object at that offset, by its own header and the next one. The header of the block before is
     * looked at when it is to be merged.
     *
     * @param isIsolated whether the region is: then no header tells whether the one before is free
     */
    boolean isInUse(long block, boolean isIsolated) {
        int at = inRegion(block);
        if ((block & 3) != 0 || at + BlockHeader.BYTES >= regionBytes) {
            return false;
        }
        int header = header(block);
        int payload = BlockHeader.payloadBytes(header);
        int end = at + BlockHeader.BYTES + payload;
        if (BlockHeader.isFree(header) || payload == 0 || payload > MOST_OBJECT_PAYLOAD_BYTES || end > regionBytes) {
            return false;
        }
        if (end == regionBytes) {
            return true;
        }
        int next = header(block + BlockHeader.BYTES + payload);
        return BlockHeader.previous(next) == at && (isIsolated || !BlockHeader.isPreviousFree(next));
    }

    /** Whether all headers of a region fit together. */
    boolean isSound(long region, boolean isIsolated) {
        int previous = 0;
        boolean isPreviousFree = false;
        for (int at = 0; at < regionBytes; ) {
            int header = header(region + at);
            boolean isRight = isIsolated
                    ? BlockHeader.previous(header) == previous
                    : BlockHeader.follows(header, previous, isPreviousFree);
            if (!isRight) {
                return false;
            }
            previous = at;
            isPreviousFree = BlockHeader.isFree(header);
            at += BlockHeader.BYTES + BlockHeader.payloadBytes(header);
            if (at > regionBytes) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing is in a region but one free block. */
    boolean isOneFreeBlock(long region) {
        int header = header(region);
        return BlockHeader.isFree(header) && BlockHeader.payloadBytes(header) == maxPayloadBytes(regionBytes);
    }

    /** Frees a block that {@link #isInUse} and merges it with free neighbours; true if the whole region is free, and in no list. */
    public boolean free(long freed) {
        long block = freed;
        int header = header(block);
        int payload = BlockHeader.payloadBytes(header);
        uncount(payload);
        long next = block + BlockHeader.BYTES + payload;
        if (inRegion(next) != 0) {
            payload += absorb(next);
        }
        if (BlockHeader.isPreviousFree(header)) {
            long previous = (block & -(long) regionBytes) + BlockHeader.previous(header);
            int previousHeader = header(previous);
            int previousPayload = BlockHeader.payloadBytes(previousHeader);
            if (BlockHeader.isFree(previousHeader) && previous + BlockHeader.BYTES + previousPayload == block) {
                freeLists.remove(previous, previousPayload);
                payload += BlockHeader.BYTES + previousPayload;
                block = previous;
                header = previousHeader;
            } else {
                owner.foundDamage();
            }
        }
        setHeader(block, BlockHeader.of(BlockHeader.previous(header), payload, FREE | (header & PREVIOUS_FREE)));
        if (payload == maxPayloadBytes(regionBytes)) {
            add(REGIONS, -1);
            return true;
        }
        updateNext(block, payload, true);
        freeLists.add(block, payload);
        return false;
    }

    private int absorb(long next) {
        int header = header(next);
        if (!BlockHeader.isFree(header)) {
            return 0;
        }
        int payload = BlockHeader.payloadBytes(header);
        int end = inRegion(next) + BlockHeader.BYTES + payload;
        boolean isSound = end == regionBytes
                || (end < regionBytes
                        && BlockHeader.follows(header(next + BlockHeader.BYTES + payload), inRegion(next), true));
        if (!isSound) {
            owner.foundDamage();
            return 0;
        }
        freeLists.remove(next, payload);
        return BlockHeader.BYTES + payload;
    }

    /** Tells the block behind {@code block} where that starts and whether it is free. */
    private void updateNext(long block, int payload, boolean isFree) {
        long next = block + BlockHeader.BYTES + payload;
        if (inRegion(next) != 0) {
            int header = BlockHeader.withPrevious(header(next), inRegion(block));
            setHeader(next, isFree ? header | PREVIOUS_FREE : header & ~PREVIOUS_FREE);
        }
    }

    /** Takes the free blocks of a region out of the lists, so that nothing is put there; {@link #list} undoes it. */
    public void isolate(long region) {
        for (long block = region; block != NONE; block = next(block)) {
            int header = header(block);
            if (BlockHeader.isFree(header)) {
                freeLists.remove(block, BlockHeader.payloadBytes(header));
            }
        }
    }

    /** Frees a block of an isolated region: it is marked and nothing else, so that a walk is not disturbed. */
    public void freeIsolated(long block) {
        int header = header(block);
        uncount(BlockHeader.payloadBytes(header));
        setHeader(block, header | FREE);
    }

    private void uncount(int freedPayload) {
        add(OBJECTS, -1);
        add(OBJECT_BYTES, -freedPayload);
    }

    /**
     * Takes a region in whose blocks are in no list: isolated, or left by a killed process. Fixes what follows from the
     * blocks' sizes and merges free neighbours.
     *
     * @return the bytes in use, with headers. If none, the region is in no list then
     */
    public int list(long region) {
        int used = 0;
        int previous = 0;
        int previousFlag = 0;
        long block = region;
        while (block != NONE) {
            int header = header(block);
            boolean isFree = BlockHeader.isFree(header);
            int payload = isFree ? mergedBytes(block) : BlockHeader.payloadBytes(header);
            setHeader(block, BlockHeader.of(previous, payload, previousFlag | (header & FREE)));
            if (!isFree) {
                used += BlockHeader.BYTES + payload;
            } else if (payload < maxPayloadBytes(regionBytes)) {
                freeLists.add(block, payload);
            }
            previous = inRegion(block);
            previousFlag = isFree ? PREVIOUS_FREE : 0;
            block = next(block);
        }
        return used;
    }

    private int mergedBytes(long block) {
        int bytes = payloadBytes(block);
        long next = block + BlockHeader.BYTES + bytes;
        while (inRegion(next) != 0 && BlockHeader.isFree(header(next))) {
            bytes += BlockHeader.BYTES + payloadBytes(next);
            next = block + BlockHeader.BYTES + bytes;
        }
        return Math.min(bytes, regionBytes - inRegion(block) - BlockHeader.BYTES);
    }

    /** Counts the objects of a region that was taken over from a killed process. */
    public void countObjects(long region) {
        add(REGIONS, 1);
        for (long block = region; block != NONE; block = next(block)) {
            if (!isFree(block)) {
                add(OBJECTS, 1);
                add(OBJECT_BYTES, payloadBytes(block));
            }
        }
    }

    /** A region that {@link #list} found empty is gone. */
    public void removeRegion() {
        add(REGIONS, -1);
    }

    /** Regions held. */
    public long regions() {
        return count(REGIONS);
    }

    /** Blocks in use. */
    public long objects() {
        return count(OBJECTS);
    }

    /** Their payload. */
    public long objectBytes() {
        return count(OBJECT_BYTES);
    }

    /** The block behind {@code block} in its region, or {@link #NONE}. */
    public long next(long block) {
        int step = BlockHeader.BYTES + payloadBytes(block);
        return inRegion(block) + step >= regionBytes ? NONE : block + step;
    }

    /** Whether the block is free. */
    public boolean isFree(long block) {
        return BlockHeader.isFree(header(block));
    }

    /** The usable bytes of a block. */
    public int payloadBytes(long block) {
        return BlockHeader.payloadBytes(header(block));
    }

    private int inRegion(long offset) {
        return (int) offset & (regionBytes - 1);
    }

    private int header(long block) {
        return memory.slab(block).getInt(SharedMemory.position(block));
    }

    private void setHeader(long block, int header) {
        memory.slab(block).putInt(SharedMemory.position(block), header);
    }
}

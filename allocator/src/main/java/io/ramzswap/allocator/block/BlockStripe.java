package io.ramzswap.allocator.block;

import static io.ramzswap.allocator.block.BlockHeader.FREE;
import static io.ramzswap.allocator.block.BlockHeader.PREVIOUS_FREE;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.lock.SpinLock;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

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

    // Counters, behind the free lists in the control area. There, and not in fields, because two stripes' fields would
    // share cache lines.
    private static final int REGIONS = 0;
    private static final int OBJECTS = 8;
    private static final int OBJECT_BYTES = 16;

    /** Held by the caller of whatever changes the stripe. */
    public final SpinLock lock = new SpinLock();

    private final SharedMemory memory;
    private final FreeLists freeLists;
    private final int regionBytes;
    private final ByteBuffer control;
    private final int counts;

    /** A stripe without regions; {@code regionBytes} is a power of two, at most 64 KiB. */
    public BlockStripe(SharedMemory memory, long controlOffset, int regionBytes) {
        this.memory = memory;
        this.freeLists = new FreeLists(memory, controlOffset);
        this.regionBytes = regionBytes;
        this.control = memory.slab(controlOffset);
        this.counts = SharedMemory.position(controlOffset) + FreeLists.CONTROL_BYTES;
        freeLists.clear();
        for (int which = REGIONS; which <= OBJECT_BYTES; which += Long.BYTES) {
            control.putLong(counts + which, 0);
        }
    }

    private long count(int which) {
        return control.getLong(counts + which);
    }

    private void add(int which, long number) {
        control.putLong(counts + which, count(which) + number);
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

    /** Frees a block and merges it with free neighbours; true if the whole region is free now, and in no list. */
    public boolean free(long freed) {
        long block = freed;
        int header = header(block);
        assert !BlockHeader.isFree(header) : "block at " + block + " freed twice";
        int payload = BlockHeader.payloadBytes(header);
        uncount(payload);
        long next = block + BlockHeader.BYTES + payload;
        if (inRegion(next) != 0) {
            payload += absorb(next);
        }
        if (BlockHeader.isPreviousFree(header)) {
            block = (block & -(long) regionBytes) + BlockHeader.previous(header);
            header = header(block);
            int previousPayload = BlockHeader.payloadBytes(header);
            freeLists.remove(block, previousPayload);
            payload += BlockHeader.BYTES + previousPayload;
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
        assert !BlockHeader.isFree(header) : "block at " + block + " freed twice";
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
        return bytes;
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
        long next = block + BlockHeader.BYTES + payloadBytes(block);
        return inRegion(next) == 0 ? NONE : next;
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

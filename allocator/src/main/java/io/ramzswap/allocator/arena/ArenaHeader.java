package io.ramzswap.allocator.arena;

/**
 * The first page of an arena: what a process that maps it must know.
 *
 * <pre>
 *  0   magic      "RZARENA1" in memory order
 *  8   version    of this layout, in the low half; frame bytes in the high half
 *  16  capacity   bytes of frames
 *  24  records    chunks whose records are populated, counted from the first
 *  32  limit      bytes
 *  64  roots      16 words: first frame of the control area of each pool + 1, or 0
 * </pre>
 */
final class ArenaHeader {
    static final long MAGIC = Long.reverseBytes(0x525A4152454E4131L);
    static final int VERSION = 3;
    static final int ROOTS = 16;

    private static final long MAGIC_AT = 0;
    private static final long VERSION_AT = 8;
    private static final long CAPACITY_AT = 16;
    private static final long RECORDS_AT = 24;
    private static final long LIMIT_AT = 32;
    private static final long ROOTS_AT = 64;

    private final SharedMemory memory;

    ArenaHeader(SharedMemory memory) {
        this.memory = memory;
    }

    /** Writes a new header; the magic last, so that a half-made arena is none. */
    void write(ArenaLayout layout, long limitBytes) {
        memory.putLong(VERSION_AT, versionWord());
        memory.putLong(CAPACITY_AT, layout.capacityBytes());
        memory.putLong(RECORDS_AT, 0);
        memory.putLong(LIMIT_AT, limitBytes);
        memory.putLong(MAGIC_AT, MAGIC);
    }

    /** The layout of an arena found in {@code memory}. */
    ArenaLayout read() {
        if (memory.getLong(MAGIC_AT) != MAGIC) {
            throw new SharedMemoryException("cannot open the arena: the memory does not hold one (wrong magic)");
        }
        if (memory.getLong(VERSION_AT) != versionWord()) {
            throw new SharedMemoryException("cannot open the arena: it was made by another version (layout "
                    + (int) memory.getLong(VERSION_AT) + ", this program knows " + VERSION + ")");
        }
        ArenaLayout layout = new ArenaLayout(memory.getLong(CAPACITY_AT));
        if (layout.totalBytes() != memory.bytes()) {
            throw new SharedMemoryException(
                    "cannot open the arena: it says " + layout.totalBytes() + " bytes but has " + memory.bytes());
        }
        return layout;
    }

    private static long versionWord() {
        return ((long) ArenaLayout.FRAME_BYTES << 32) | VERSION;
    }

    int populatedRecords() {
        return (int) memory.getLong(RECORDS_AT);
    }

    void setPopulatedRecords(int chunks) {
        memory.putLong(RECORDS_AT, chunks);
    }

    long limitBytes() {
        return memory.getLong(LIMIT_AT);
    }

    void setLimitBytes(long limitBytes) {
        memory.putLong(LIMIT_AT, limitBytes);
    }

    long root(int pool) {
        return memory.getLong(rootAt(pool)) - 1;
    }

    void setRoot(int pool, long frame) {
        memory.putLong(rootAt(pool), frame + 1);
    }

    private static long rootAt(int pool) {
        if (pool < 0 || pool >= ROOTS) {
            throw new IllegalArgumentException("no pool " + pool + ": an arena has " + ROOTS);
        }
        return ROOTS_AT + (long) pool * ArenaLayout.WORD_BYTES;
    }
}

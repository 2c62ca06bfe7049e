package io.ramzswap.zcache;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import io.ramzswap.compress.Compressor;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.Compressors;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.Tier;
import io.ramzswap.tier.TierSession;
import io.ramzswap.tier.TierSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Keeps pages in memory. A page that compresses to {@value Compressor#MOST_USEFUL_BYTES} bytes or less becomes an object of
 * the allocator; any other takes a frame of the arena as it is, as in the ramzswap driver of 2009.
 *
 * <p>An object begins with a header that names its slot and checks its bytes, so that it can be moved, verified, and
 * found again from the arena alone. A raw page fills its frame; its header is the frame's word in the arena.
 *
 * <pre>
 *   object:  0        4         8                  8 + length
 *            +--------+---------+------------------+        slot: int
 *            | slot   | CRC-32C | compressed bytes |        CRC-32C: of the bytes behind the header
 *            +--------+---------+------------------+
 *   frame word of a raw page:   CRC-32C &lt;&lt; 32 | slot; the frame's tag is {@link FrameTag#RAW}
 * </pre>
 */
public final class CompressedStore implements Tier {
    private static final int PAGE_SIZE = Arena.FRAME_BYTES;
    static final int SLOT_OFFSET = 0;

    private static final int CHECKSUM_OFFSET = 4;
    private static final int HEADER_BYTES = 8;

    private final Arena arena;
    private final Allocator allocator;
    private final CompressorChoice compressors;

    /** A store over an arena and the allocator that cuts it up. */
    public CompressedStore(Arena arena, Allocator allocator, CompressorChoice compressors) {
        this.arena = arena;
        this.allocator = allocator;
        this.compressors = compressors;
    }

    @Override
    public int states() {
        return 1 << PageWord.COMPRESSED | 1 << PageWord.RAW;
    }

    @Override
    public boolean waits() {
        return false;
    }

    @Override
    public int mostBytesAbove() {
        return ANY_BYTES;
    }

    @Override
    public boolean isWilling(long now) {
        return true;
    }

    /** The arena counts it. */
    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public TierSession open() {
        return openSession();
    }

    /**
     * Opens it for the thread that moves pages out of it.
     *
     * @param compactor is told when many pages were freed
     */
    public TierSource openSource(Compactor compactor) {
        return new MemorySource(states(), openSession(), arena, compactor);
    }

    private Session openSession() {
        return new Session(arena, allocator, compressors.open());
    }

    /** The arena is its owner's to close. */
    @Override
    public void close() {}

    static final class Session implements TierSession {
        private final Arena arena;
        private final Allocator allocator;
        private final Compressors compressors;
        /**
         * What is compressed, or read, passes through here: its limits can be set for a checksum, which those of the arena's
         * slabs, that all share, can not.
         */
        private final ByteBuffer scratch;

        private final CRC32C checksum = new CRC32C();

        private Session(Arena arena, Allocator allocator, Compressors compressors) {
            this.arena = arena;
            this.allocator = allocator;
            this.compressors = compressors;
            this.scratch =
                    ByteBuffer.allocateDirect(Compressors.MOST_OUTPUT_BYTES).order(ByteOrder.nativeOrder());
        }

        @Override
        public long store(int slot, ByteBuffer source, int position, int maxBytes) {
            Compressor compressor = compressors.current();
            int length = compressor.compress(source, position, PAGE_SIZE, scratch, 0);
            if (length <= Compressor.MOST_USEFUL_BYTES) {
                return length <= maxBytes ? storeCompressed(slot, length, compressor.id()) : REFUSED;
            }
            return PAGE_SIZE <= maxBytes ? storeRaw(slot, source, position) : REFUSED;
        }

        private long storeCompressed(int slot, int length, int compressor) {
            long handle = allocator.allocate(HEADER_BYTES + length);
            if (handle == Allocator.NONE) {
                return REFUSED;
            }
            long offset = allocator.offset(handle);
            ByteBuffer slab = arena.slab(offset);
            int at = Arena.position(offset);
            slab.putInt(at + SLOT_OFFSET, slot);
            slab.putInt(at + CHECKSUM_OFFSET, checksum(length));
            slab.put(at + HEADER_BYTES, scratch, 0, length);
            return PageWord.compressed(compressor, length, handle);
        }

        private long storeRaw(int slot, ByteBuffer source, int position) {
            long frame = arena.allocateFrame();
            if (frame == Arena.NONE) {
                return REFUSED;
            }
            long offset = arena.frameOffset(frame);
            scratch.put(0, source, position, PAGE_SIZE);
            arena.slab(offset).put(Arena.position(offset), scratch, 0, PAGE_SIZE);
            arena.setFrameWord(frame, frameWord(slot, checksum(PAGE_SIZE)));
            // Last: who takes the arena over frees frames without a tag as nobody's, and believes those with one.
            arena.setFrameTag(frame, FrameTag.RAW);
            return PageWord.raw(frame);
        }

        @Override
        public Outcome load(long word, int slot, ByteBuffer destination, int position) {
            boolean intact = PageWord.state(word) == PageWord.COMPRESSED
                    ? loadCompressed(word, slot, destination, position)
                    : loadRaw(word, slot, destination, position);
            return intact ? Outcome.INTACT : Outcome.CORRUPT;
        }

        @Override
        public void done() {}

        private boolean loadCompressed(long word, int slot, ByteBuffer destination, int position) {
            int length = PageWord.length(word);
            return copyObject(word, slot)
                    && compressors.decompress(
                                    PageWord.compressor(word), scratch, 0, length, destination, position, PAGE_SIZE)
                            == PAGE_SIZE;
        }

        /** Copies the compressed bytes of a page; false if they are not the ones that were stored for the slot. */
        private boolean copyObject(long word, int slot) {
            long offset = allocator.offset(PageWord.location(word));
            int length = PageWord.length(word);
            if (!arena.isWithinFrames(offset, HEADER_BYTES + length)) {
                return false;
            }
            ByteBuffer slab = arena.slab(offset);
            int at = Arena.position(offset);
            scratch.put(0, slab, at + HEADER_BYTES, length);
            return slab.getInt(at + SLOT_OFFSET) == slot && slab.getInt(at + CHECKSUM_OFFSET) == checksum(length);
        }

        private boolean loadRaw(long word, int slot, ByteBuffer destination, int position) {
            long frame = PageWord.location(word);
            if (frame >= arena.frameCount()) {
                return false;
            }
            long offset = arena.frameOffset(frame);
            scratch.put(0, arena.slab(offset), Arena.position(offset), PAGE_SIZE);
            if (arena.frameWord(frame) != frameWord(slot, checksum(PAGE_SIZE))) {
                return false;
            }
            destination.put(position, scratch, 0, PAGE_SIZE);
            return true;
        }

        /** As {@link TierSource#copy}. */
        int copy(long word, int slot, ByteBuffer destination) {
            if (PageWord.state(word) == PageWord.RAW) {
                return loadRaw(word, slot, destination, 0) ? PAGE_SIZE : TierSource.DAMAGED;
            }
            if (!copyObject(word, slot)) {
                return TierSource.DAMAGED;
            }
            int length = PageWord.length(word);
            destination.put(0, scratch, 0, length);
            return length;
        }

        @Override
        public boolean free(long word, int slot) {
            long location = PageWord.location(word);
            if (PageWord.state(word) == PageWord.COMPRESSED) {
                boolean isItsOwn = isObjectOf(location, slot);
                return isItsOwn && allocator.free(location);
            }
            boolean isItsOwn = location < arena.frameCount()
                    && arena.frameTag(location) == FrameTag.RAW
                    && (int) arena.frameWord(location) == slot;
            return isItsOwn && arena.freeFrame(location);
        }

        private boolean isObjectOf(long handle, int slot) {
            long offset = allocator.offset(handle);
            return arena.isWithinFrames(offset, HEADER_BYTES)
                    && arena.slab(offset).getInt(Arena.position(offset) + SLOT_OFFSET) == slot;
        }

        @Override
        public int bytes(long word) {
            return PageWord.length(word);
        }

        @Override
        public void close() {
            compressors.close();
        }

        /** Of the first bytes of {@link #scratch}. */
        private int checksum(int length) {
            final CRC32C crc = checksum;
            crc.reset();
            crc.update(scratch.limit(length));
            scratch.clear();
            return (int) crc.getValue();
        }

        private static long frameWord(int slot, int checksum) {
            return (long) checksum << 32 | slot;
        }
    }
}

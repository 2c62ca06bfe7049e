package io.ramzswap.zcache;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import io.ramzswap.compress.Compressor;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.frontswap.Backend;
import io.ramzswap.frontswap.BackendSession;
import io.ramzswap.table.PageWord;
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
public final class CompressedStore implements Backend {
    private static final int PAGE_SIZE = Arena.FRAME_BYTES;
    static final int SLOT_OFFSET = 0;

    private static final int CHECKSUM_OFFSET = 4;
    private static final int HEADER_BYTES = 8;

    private final Arena arena;
    private final Allocator allocator;
    private final CompressorKind compressor;

    /** A store over an arena and the allocator that cuts it up, all of whose pages have been compressed so. */
    public CompressedStore(Arena arena, Allocator allocator, CompressorKind compressor) {
        this.arena = arena;
        this.allocator = allocator;
        this.compressor = compressor;
    }

    @Override
    public boolean owns(int state) {
        return state == PageWord.COMPRESSED || state == PageWord.RAW;
    }

    @Override
    public BackendSession open() {
        return openSession();
    }

    /** Opens it for the calling thread, which takes pages out of it as they are stored. */
    public StoredObjects openObjects() {
        return openSession();
    }

    private Session openSession() {
        return new Session(arena, allocator, compressor.create());
    }

    private static final class Session implements BackendSession, StoredObjects {
        private final Arena arena;
        private final Allocator allocator;
        private final Compressor compressor;
        /**
         * What is compressed, or read, passes through here: its limits can be set for a checksum, which those of the arena's
         * slabs, that all share, can not.
         */
        private final ByteBuffer scratch;

        private final CRC32C checksum = new CRC32C();

        Session(Arena arena, Allocator allocator, Compressor compressor) {
            this.arena = arena;
            this.allocator = allocator;
            this.compressor = compressor;
            this.scratch = ByteBuffer.allocateDirect(Math.max(PAGE_SIZE, compressor.maxCompressedLength(PAGE_SIZE)))
                    .order(ByteOrder.nativeOrder());
        }

        @Override
        public long store(int slot, ByteBuffer source, int position, int maxBytes) {
            int length = compressor.compress(source, position, PAGE_SIZE, scratch, 0);
            if (length <= Compressor.MOST_USEFUL_BYTES) {
                return length <= maxBytes ? storeCompressed(slot, length) : REJECTED;
            }
            return PAGE_SIZE <= maxBytes ? storeRaw(slot, source, position) : REJECTED;
        }

        private long storeCompressed(int slot, int length) {
            long handle = allocator.allocate(HEADER_BYTES + length);
            if (handle == Allocator.NONE) {
                return REJECTED;
            }
            long offset = allocator.offset(handle);
            ByteBuffer slab = arena.slab(offset);
            int at = Arena.position(offset);
            slab.putInt(at + SLOT_OFFSET, slot);
            slab.putInt(at + CHECKSUM_OFFSET, checksum(length));
            slab.put(at + HEADER_BYTES, scratch, 0, length);
            return PageWord.compressed(compressor.id(), length, handle);
        }

        private long storeRaw(int slot, ByteBuffer source, int position) {
            long frame = arena.allocateFrame();
            if (frame == Arena.NONE) {
                return REJECTED;
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
        public boolean load(long word, int slot, ByteBuffer destination, int position) {
            return PageWord.state(word) == PageWord.COMPRESSED
                    ? loadCompressed(word, slot, destination, position)
                    : loadRaw(word, slot, destination, position);
        }

        private boolean loadCompressed(long word, int slot, ByteBuffer destination, int position) {
            int length = PageWord.length(word);
            return PageWord.compressor(word) == compressor.id()
                    && copyObject(word, slot)
                    && compressor.decompress(scratch, 0, length, destination, position, PAGE_SIZE) == PAGE_SIZE;
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

        @Override
        public int copy(long word, int slot, ByteBuffer destination) {
            if (PageWord.state(word) == PageWord.RAW) {
                return loadRaw(word, slot, destination, 0) ? PAGE_SIZE : DAMAGED;
            }
            if (!copyObject(word, slot)) {
                return DAMAGED;
            }
            int length = PageWord.length(word);
            destination.put(0, scratch, 0, length);
            return length;
        }

        @Override
        public boolean invalidate(long word, int slot) {
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
        public void close() {
            compressor.close();
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

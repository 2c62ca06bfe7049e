package io.ramzswap.zcache;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.FrameTag;
import io.ramzswap.allocator.arena.SharedMemory;
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
        private final ByteBuffer scratch;
        private final ByteBuffer[] slabs;
        private final CRC32C checksum = new CRC32C();

        Session(Arena arena, Allocator allocator, Compressor compressor) {
            this.arena = arena;
            this.allocator = allocator;
            this.compressor = compressor;
            this.scratch = ByteBuffer.allocateDirect(compressor.maxCompressedLength(PAGE_SIZE))
                    .order(ByteOrder.nativeOrder());
            this.slabs = views(arena.memory());
        }

        /** This thread's own buffers over the arena, so that it can set their limits. */
        private static ByteBuffer[] views(SharedMemory memory) {
            ByteBuffer[] views = memory.slabs();
            for (int i = 0; i < views.length; i++) {
                views[i] = views[i].duplicate().order(ByteOrder.nativeOrder());
            }
            return views;
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
            ByteBuffer slab = slab(offset);
            int at = Arena.position(offset);
            slab.putInt(at + SLOT_OFFSET, slot);
            slab.putInt(at + CHECKSUM_OFFSET, checksum(scratch, 0, length));
            slab.put(at + HEADER_BYTES, scratch, 0, length);
            return PageWord.compressed(compressor.id(), length, handle);
        }

        private long storeRaw(int slot, ByteBuffer source, int position) {
            long frame = arena.allocateFrame();
            if (frame == Arena.NONE) {
                return REJECTED;
            }
            long offset = arena.frameOffset(frame);
            ByteBuffer slab = slab(offset);
            int at = Arena.position(offset);
            slab.put(at, source, position, PAGE_SIZE);
            arena.setFrameWord(frame, frameWord(slot, checksum(slab, at, PAGE_SIZE)));
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
            long offset = allocator.offset(PageWord.location(word));
            ByteBuffer slab = slab(offset);
            int at = Arena.position(offset);
            int length = PageWord.length(word);
            return PageWord.compressor(word) == compressor.id()
                    && slab.getInt(at + SLOT_OFFSET) == slot
                    && slab.getInt(at + CHECKSUM_OFFSET) == checksum(slab, at + HEADER_BYTES, length)
                    && compressor.decompress(slab, at + HEADER_BYTES, length, destination, position, PAGE_SIZE)
                            == PAGE_SIZE;
        }

        private boolean loadRaw(long word, int slot, ByteBuffer destination, int position) {
            long frame = PageWord.location(word);
            long offset = arena.frameOffset(frame);
            ByteBuffer slab = slab(offset);
            int at = Arena.position(offset);
            if (arena.frameWord(frame) != frameWord(slot, checksum(slab, at, PAGE_SIZE))) {
                return false;
            }
            destination.put(position, slab, at, PAGE_SIZE);
            return true;
        }

        @Override
        public int copy(long word, int slot, ByteBuffer destination) {
            if (PageWord.state(word) == PageWord.RAW) {
                return loadRaw(word, slot, destination, 0) ? PAGE_SIZE : DAMAGED;
            }
            long offset = allocator.offset(PageWord.location(word));
            ByteBuffer slab = slab(offset);
            int at = Arena.position(offset);
            int length = PageWord.length(word);
            if (slab.getInt(at + SLOT_OFFSET) != slot
                    || slab.getInt(at + CHECKSUM_OFFSET) != checksum(slab, at + HEADER_BYTES, length)) {
                return DAMAGED;
            }
            destination.put(0, slab, at + HEADER_BYTES, length);
            return length;
        }

        @Override
        public void invalidate(long word) {
            if (PageWord.state(word) == PageWord.COMPRESSED) {
                allocator.free(PageWord.location(word));
            } else {
                arena.freeFrame(PageWord.location(word));
            }
        }

        @Override
        public void close() {
            compressor.close();
        }

        private ByteBuffer slab(long offset) {
            return slabs[(int) (offset / SharedMemory.SLAB_BYTES)];
        }

        private int checksum(ByteBuffer bytes, int position, int length) {
            final CRC32C crc = checksum;
            crc.reset();
            crc.update(bytes.limit(position + length).position(position));
            bytes.clear();
            return (int) crc.getValue();
        }

        private static long frameWord(int slot, int checksum) {
            return (long) checksum << 32 | slot;
        }
    }
}

package io.ramzswap.backing;

import io.ramzswap.table.PageWord;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/** Pages as they are. Their checksums stay in the page table. */
final class ChecksumSealing implements Sealing {
    private final AtomicInteger sequence = new AtomicInteger();

    @Override
    public Seal open() {
        return new ChecksumSeal();
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {}

    private final class ChecksumSeal implements Seal {
        private final CRC32C checksum = new CRC32C();

        @Override
        public long close(int slot, ByteBuffer source, int position, AlignedMemory sealed) {
            sealed.bytes().put(0, source, position, AlignedMemory.PAGE_BYTES);
            return PageWord.onDisk(sequence.getAndIncrement(), checksum(sealed));
        }

        @Override
        public boolean open(long word, int slot, AlignedMemory sealed, ByteBuffer destination, int position) {
            if (checksum(sealed) != PageWord.checksum(word)) {
                return false;
            }
            destination.put(position, sealed.bytes(), 0, AlignedMemory.PAGE_BYTES);
            return true;
        }

        private int checksum(AlignedMemory page) {
            final CRC32C crc = checksum;
            crc.reset();
            crc.update(page.bytes().clear());
            return (int) crc.getValue();
        }

        @Override
        public void close() {}
    }
}

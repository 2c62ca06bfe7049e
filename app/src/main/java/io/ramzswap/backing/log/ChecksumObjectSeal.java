package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Objects as they are. A CRC-32C of the object, and of what it is, lies behind it. */
final class ChecksumObjectSeal implements ObjectSeal {
    private static final int IDENTITY_BYTES = 16;

    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer identity =
            ByteBuffer.allocateDirect(IDENTITY_BYTES).order(ByteOrder.nativeOrder());

    @Override
    public int overheadBytes() {
        return Integer.BYTES;
    }

    @Override
    public boolean close(
            long generation, int offset, int slot, AlignedMemory from, int length, AlignedMemory to, int toPosition) {
        to.bytes().put(toPosition, from.bytes(), 0, length);
        to.bytes().putInt(toPosition + length, checksum(generation, offset, slot, from.bytes(), 0, length));
        return true;
    }

    @Override
    public boolean open(
            long generation, int offset, int slot, AlignedMemory from, int fromPosition, int length, AlignedMemory to) {
        int expected = from.bytes().getInt(fromPosition + length);
        if (expected != checksum(generation, offset, slot, from.bytes(), fromPosition, length)) {
            return false;
        }
        to.bytes().put(0, from.bytes(), fromPosition, length);
        return true;
    }

    private int checksum(long generation, int offset, int slot, ByteBuffer bytes, int position, int length) {
        identity.putLong(0, generation).putInt(Long.BYTES, offset).putInt(Long.BYTES + Integer.BYTES, slot);
        final CRC32C crc = checksum;
        crc.reset();
        crc.update(identity.clear());
        crc.update(bytes.limit(position + length).position(position));
        bytes.clear();
        return (int) crc.getValue();
    }

    @Override
    public void close() {}
}

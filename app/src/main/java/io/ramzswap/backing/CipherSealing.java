package io.ramzswap.backing;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.backing.cipher.CipherKey;
import io.ramzswap.backing.cipher.PageCipher;
import io.ramzswap.libc.Libc;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.TierSession;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Encrypted pages. A page fills its place on the disk, so its tag stays in memory, and its nonce is the page's number among
 * all that were ever encrypted, which its word holds. So the disk can give back neither another slot's page nor an older
 * one of the same slot: they have other tags.
 *
 * <p>A slot's tag is written by who has the slot in flight, and read by anyone who looks at the slot's word again
 * afterwards.
 */
final class CipherSealing implements Sealing {
    private static final int NONCE_LOW = 0;

    private final CipherKey key;
    private final SharedMemory tags;
    private final long tagsAddress;
    private final AtomicLong count = new AtomicLong();

    private CipherSealing(CipherKey key, SharedMemory tags) {
        this.key = key;
        this.tags = tags;
        this.tagsAddress = Libc.address(tags.slab(0));
    }

    /**
     * Makes room for the tags.
     *
     * @throws SharedMemoryException if there is no memory
     */
    static CipherSealing create(CipherKey key, int slots) {
        return new CipherSealing(key, SharedMemory.createPopulated("ramzswap-tags", bytes(slots)));
    }

    @Override
    public Seal open() {
        return new CipherSeal(key.open());
    }

    /** Memory that one takes for so many slots. */
    static long bytes(int slots) {
        return (long) slots * PageCipher.TAG_BYTES;
    }

    @Override
    public long bytes() {
        return tags.bytes();
    }

    @Override
    public void close() {
        tags.close();
    }

    private long tagOf(int slot) {
        return tagsAddress + (long) slot * PageCipher.TAG_BYTES;
    }

    private final class CipherSeal implements Seal {
        private final PageCipher cipher;
        private final AlignedMemory plain = new AlignedMemory(1);

        CipherSeal(PageCipher cipher) {
            this.cipher = cipher;
        }

        @Override
        public long close(int slot, ByteBuffer source, int position, AlignedMemory sealed) {
            plain.bytes().put(0, source, position, AlignedMemory.PAGE_BYTES);
            long number = count.getAndIncrement();
            boolean done = cipher.encrypt(
                    number, NONCE_LOW, slot, plain.address(), AlignedMemory.PAGE_BYTES, sealed.address(), tagOf(slot));
            return done ? PageWord.encrypted(number) : TierSession.REFUSED;
        }

        @Override
        public boolean open(long word, int slot, AlignedMemory sealed, ByteBuffer destination, int position) {
            long number = PageWord.count(word);
            if (!cipher.decrypt(
                    number,
                    NONCE_LOW,
                    slot,
                    sealed.address(),
                    AlignedMemory.PAGE_BYTES,
                    plain.address(),
                    tagOf(slot))) {
                return false;
            }
            destination.put(position, plain.bytes(), 0, AlignedMemory.PAGE_BYTES);
            return true;
        }

        @Override
        public void close() {
            cipher.close();
        }
    }
}

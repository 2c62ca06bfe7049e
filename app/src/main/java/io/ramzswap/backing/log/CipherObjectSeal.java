package io.ramzswap.backing.log;

import io.ramzswap.backing.AlignedMemory;
import io.ramzswap.backing.cipher.PageCipher;

/** Encrypts. The tag lies behind the object. */
final class CipherObjectSeal implements ObjectSeal {
    private final PageCipher cipher;

    CipherObjectSeal(PageCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public int overheadBytes() {
        return PageCipher.TAG_BYTES;
    }

    @Override
    public boolean close(
            long generation, int offset, int slot, AlignedMemory from, int length, AlignedMemory to, int toPosition) {
        long sealed = to.address() + toPosition;
        return cipher.encrypt(generation, offset, slot, from.address(), length, sealed, sealed + length);
    }

    @Override
    public boolean open(
            long generation, int offset, int slot, AlignedMemory from, int fromPosition, int length, AlignedMemory to) {
        long sealed = from.address() + fromPosition;
        return cipher.decrypt(generation, offset, slot, sealed, length, to.address(), sealed + length);
    }

    @Override
    public void close() {
        cipher.close();
    }
}

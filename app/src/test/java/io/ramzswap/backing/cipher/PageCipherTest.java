package io.ramzswap.backing.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.heap.AllocatedBytes;
import io.ramzswap.libc.Libc;
import io.ramzswap.libc.Libcrypto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageCipherTest {
    private static final int PAGE = 4096;
    private static final int PLAIN = 0;
    private static final int SEALED = PAGE;
    private static final int TAG = 2 * PAGE;
    private static final int OPENED = 3 * PAGE;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(4 * PAGE).order(ByteOrder.nativeOrder());
    private final long address = Libc.address(memory);
    private final byte[] page = new byte[PAGE];
    private CipherKey key;
    private PageCipher cipher;

    @BeforeEach
    void open() throws CipherUnavailableException {
        new Random(5).nextBytes(page);
        key = CipherKey.create();
        cipher = key.open();
        memory.put(PLAIN, page);
    }

    @AfterEach
    void close() {
        cipher.close();
        key.close();
    }

    private boolean encrypt(long nonceHigh, int nonceLow, long owner, int length) {
        return cipher.encrypt(nonceHigh, nonceLow, owner, address + PLAIN, length, address + SEALED, address + TAG);
    }

    private boolean decrypt(long nonceHigh, int nonceLow, long owner, int length) {
        return cipher.decrypt(nonceHigh, nonceLow, owner, address + SEALED, length, address + OPENED, address + TAG);
    }

    private byte[] bytes(int at, int length) {
        byte[] bytes = new byte[length];
        memory.get(at, bytes);
        return bytes;
    }

    @Test
    void shouldRestoreWhatItEncrypted() {
        for (int length : new int[] {1, 15, 16, 17, 1000, PAGE}) {
            assertThat(encrypt(1, length, 9, length)).isTrue();
            assertThat(decrypt(1, length, 9, length)).isTrue();
            assertThat(bytes(OPENED, length)).isEqualTo(Arrays.copyOf(page, length));
        }
        assertThat(bytes(SEALED, PAGE)).isNotEqualTo(page);
    }

    @Test
    void shouldRefuseEveryBitThatChanged() {
        encrypt(1, 2, 3, PAGE);
        for (int at = SEALED; at < TAG + PageCipher.TAG_BYTES; at += at < TAG ? 97 : 1) {
            for (int bit = 0; bit < 8; bit++) {
                memory.put(at, (byte) (memory.get(at) ^ 1 << bit));
                assertThat(decrypt(1, 2, 3, PAGE))
                        .as("byte %d, bit %d", at, bit)
                        .isFalse();
                memory.put(at, (byte) (memory.get(at) ^ 1 << bit));
            }
        }
        assertThat(decrypt(1, 2, 3, PAGE)).isTrue();
    }

    @Test
    void shouldRefuseWhatBelongsElsewhere() {
        encrypt(1, 2, 3, PAGE);

        assertThat(decrypt(2, 2, 3, PAGE)).isFalse();
        assertThat(decrypt(1, 3, 3, PAGE)).isFalse();
        assertThat(decrypt(1, 2, 4, PAGE)).isFalse();
        assertThat(decrypt(1, 2, 3, PAGE - 1)).isFalse();
        assertThat(decrypt(1, 2, 3, PAGE)).isTrue();
    }

    @Test
    void shouldHaveAnotherKeyEachTime() throws CipherUnavailableException {
        encrypt(1, 2, 3, PAGE);
        byte[] sealed = bytes(SEALED, PAGE);
        try (CipherKey other = CipherKey.create();
                PageCipher others = other.open()) {
            assertThat(others.decrypt(1, 2, 3, address + SEALED, PAGE, address + OPENED, address + TAG))
                    .isFalse();
            others.encrypt(1, 2, 3, address + PLAIN, PAGE, address + SEALED, address + TAG);
        }
        assertThat(bytes(SEALED, PAGE)).isNotEqualTo(sealed);
        assertThatThrownBy(() -> {
                    key.close();
                    key.open();
                })
                .isInstanceOf(IllegalStateException.class);
    }

    /** Against the JDK's own: the key is not told, but an encrypted page of zeroes tells its key stream. */
    @Test
    void shouldBeAesInGaloisCounterMode() throws GeneralSecurityException {
        byte[] known = new byte[32];
        new Random(7).nextBytes(known);
        ByteBuffer keyBytes = ByteBuffer.allocateDirect(known.length).put(0, known);
        var calls = Libcrypto.system();
        long algorithm = calls.EVP_CIPHER_fetch(0, "AES-256-GCM", 0);
        try (PageCipher ours = new PageCipher(calls, algorithm, Libc.address(keyBytes))) {
            ours.encrypt(0x0102030405060708L, 0x090a0b0c, 77, address + PLAIN, PAGE, address + SEALED, address + TAG);
        }
        calls.EVP_CIPHER_free(algorithm);
        byte[] nonce = ByteBuffer.allocate(12)
                .order(ByteOrder.nativeOrder())
                .putLong(0x0102030405060708L)
                .putInt(0x090a0b0c)
                .array();
        Cipher theirs = Cipher.getInstance("AES/GCM/NoPadding");
        theirs.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(known, "AES"), new GCMParameterSpec(128, nonce));
        theirs.updateAAD(ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putLong(77)
                .array());
        byte[] expected = theirs.doFinal(page);

        assertThat(bytes(SEALED, PAGE)).isEqualTo(Arrays.copyOf(expected, PAGE));
        assertThat(bytes(TAG, PageCipher.TAG_BYTES))
                .isEqualTo(Arrays.copyOfRange(expected, PAGE, PAGE + PageCipher.TAG_BYTES));
    }

    @Test
    void shouldSayWhatToInstall() {
        assertThatThrownBy(() -> CipherKey.create(() -> {
                    throw new UnsatisfiedLinkError("no libcrypto.so.3");
                }))
                .isInstanceOf(CipherUnavailableException.class)
                .hasMessage("encryption needs libcrypto.so.3 of OpenSSL 3, which is not here: install libssl3");
    }

    @Test
    void shouldAllocateNothing() {
        for (int i = 0; i < 20_000; i++) {
            encrypt(1, i, 3, PAGE);
            decrypt(1, i, 3, PAGE);
        }
        assertThat(AllocatedBytes.of(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        encrypt(2, i, 3, PAGE);
                        decrypt(2, i, 3, PAGE);
                    }
                }))
                .isZero();
    }
}

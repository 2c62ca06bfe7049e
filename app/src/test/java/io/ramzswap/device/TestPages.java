package io.ramzswap.device;

import java.nio.ByteBuffer;
import java.util.Random;

/** Pages of every kind that a store tells apart. */
final class TestPages {
    static final int PAGE = DeviceSettings.PAGE_SIZE;

    private TestPages() {}

    /** A page of {@code noiseBytes} random bytes in front of a repeated text: 0 compresses best, 4096 not at all. */
    static byte[] mixed(Random random, int noiseBytes) {
        byte[] page = new byte[PAGE];
        for (int i = 0; i < PAGE; i++) {
            page[i] = (byte) "the quick brown fox ".charAt(i % 20);
        }
        byte[] noise = new byte[noiseBytes];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, page, 0, noiseBytes);
        return page;
    }

    static byte[] filled(long word) {
        ByteBuffer page = ByteBuffer.allocate(PAGE);
        while (page.hasRemaining()) {
            page.putLong(word);
        }
        return page.array();
    }

    /** A page of a random kind: zero, filled with a short or a wide word, well or badly or not compressible. */
    static byte[] any(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new byte[PAGE];
            case 1 -> filled(random.nextInt(1000));
            case 2 -> filled(Double.doubleToRawLongBits(random.nextInt(100) / 3.0));
            case 3 -> mixed(random, PAGE);
            default -> mixed(random, random.nextInt(PAGE));
        };
    }
}

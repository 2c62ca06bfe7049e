package io.ramzswap.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Makes what a boot loader hands to the kernel: an archive for early microcode as it is, and one with everything else compressed. */
final class Initramfs {
    /** Compresses what is written to the result. */
    @FunctionalInterface
    interface Compression {
        OutputStream over(OutputStream out) throws IOException;
    }

    private Initramfs() {}

    /** One whose compressed archive holds a file. */
    static byte[] with(String name, String content, Compression compression) throws IOException {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        entry(image, "early_cpio", "1");
        entry(image, "TRAILER!!!", "");
        image.write(new byte[512]);
        try (OutputStream main = compression.over(image)) {
            entry(main, "bin/busybox", "x".repeat(5001));
            entry(main, name, content);
            entry(main, "TRAILER!!!", "");
        }
        return image.toByteArray();
    }

    private static void entry(OutputStream out, String name, String content) throws IOException {
        String sizes = "%08X".formatted(content.length()) + "0".repeat(32) + "%08X".formatted(name.length() + 1);
        String header = "070701" + "0".repeat(48) + sizes + "0".repeat(8) + name + "\0";
        out.write(padded(header));
        out.write(padded(content));
    }

    private static byte[] padded(String text) {
        return (text + "\0".repeat(-text.length() & 3)).getBytes(StandardCharsets.US_ASCII);
    }
}

package io.ramzswap.doctor;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * An initramfs: archives of cpio's "newc" format one after another, the last of them compressed with zstd or gzip. Others are
 * passed over. Source: the kernel's driver-api/early-userspace/buffer-format.rst.
 *
 * <pre>
 *   0       6       54         62      94         102     110
 *   +-------+-------+----------+-------+----------+-------+------+-----+------+-----+
 *   | magic | ...   | filesize | ...   | namesize | check | name | pad | data | pad |   numbers are hexadecimal text
 *   +-------+-------+----------+-------+----------+-------+------+-----+------+-----+
 * </pre>
 *
 * @param file where it is
 */
record InitramfsImage(Path file) {
    private static final String MAGIC = "07070";
    private static final String TRAILER = "TRAILER!!!";
    private static final int HEADER_BYTES = 110;
    private static final int FILE_SIZE_OFFSET = 54;
    private static final int NAME_SIZE_OFFSET = 94;
    private static final int NUMBER_BYTES = 8;
    private static final int ALIGNMENT = 4;
    private static final int LONGEST_NAME = 4096;
    private static final int LONGEST_CONTENT = 1 << 16;
    private static final int GZIP = 0x1f8b;
    private static final int ZSTD = 0x28b5;

    /** The devices that the boot resumes from, as initramfs-tools or dracut has noted them; none if the image cannot be read. */
    List<String> resumeDevices() {
        List<String> devices = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            readArchives(in, devices);
        } catch (IOException | RuntimeException | LinkageError e) {
            // Not there, not ours to read, damaged, or no library: what was found before counts.
        }
        return devices;
    }

    private static void readArchives(InputStream in, List<String> devices) throws IOException {
        while (skipZeroes(in)) {
            in.mark(2);
            int magic = in.read() << Byte.SIZE | in.read();
            in.reset();
            if (magic == GZIP) {
                readArchives(new BufferedInputStream(new GZIPInputStream(in)), devices);
                return;
            } else if (magic == ZSTD) {
                readArchives(new BufferedInputStream(new ZstdInputStream(in)), devices);
                return;
            }
            readArchive(in, devices);
        }
    }

    /** Whether anything comes behind them. */
    private static boolean skipZeroes(InputStream in) throws IOException {
        int next;
        do {
            in.mark(1);
            next = in.read();
        } while (next == 0);
        in.reset();
        return next > 0;
    }

    private static void readArchive(InputStream in, List<String> devices) throws IOException {
        String name = "";
        while (!name.equals(TRAILER)) {
            String header = text(in, HEADER_BYTES);
            if (!header.startsWith(MAGIC)) {
                throw new IOException("no archive");
            }
            int nameBytes = (int) number(header, NAME_SIZE_OFFSET);
            if (nameBytes < 1 || nameBytes > LONGEST_NAME) {
                throw new IOException("no name");
            }
            name = text(in, nameBytes).substring(0, nameBytes - 1);
            in.skipNBytes(padding(HEADER_BYTES + nameBytes));
            long bytes = number(header, FILE_SIZE_OFFSET);
            if (namesResume(name) && bytes <= LONGEST_CONTENT) {
                addDevices(text(in, (int) bytes), devices);
            } else {
                in.skipNBytes(bytes);
            }
            in.skipNBytes(padding(bytes));
        }
    }

    private static boolean namesResume(String name) {
        return name.startsWith("conf/conf.d/") || name.startsWith("etc/cmdline.d/");
    }

    private static void addDevices(String content, List<String> devices) {
        Stream.of(content.split("\\s+", -1))
                .filter(word -> word.startsWith("RESUME=") || word.startsWith("resume="))
                .map(word -> word.substring("resume=".length()).replace("\"", ""))
                .filter(device -> !device.isEmpty())
                .forEach(devices::add);
    }

    private static long number(String header, int offset) {
        return Long.parseLong(header.substring(offset, offset + NUMBER_BYTES), 16);
    }

    private static long padding(long bytes) {
        return -bytes & (ALIGNMENT - 1);
    }

    private static String text(InputStream in, int bytes) throws IOException {
        byte[] read = in.readNBytes(bytes);
        if (read.length < bytes) {
            throw new EOFException();
        }
        return new String(read, StandardCharsets.ISO_8859_1);
    }
}

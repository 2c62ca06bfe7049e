package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.wire.SimpleReplyDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of a device's request queue that an earlier user may have left behind, and that matter to us. The kernel keeps them
 * from one server to the next: rotational until Linux 7.3, those that a person wrote always. Each is read after attaching, and
 * written where it is not as it has to be. Source: Linux Documentation/ABI/stable/sysfs-block.
 */
final class QueueSettings {
    private static final int PAGE_KIB = 4;
    private static final long PAGE_BYTES = PAGE_KIB << 10;

    private final Path queue;
    private final List<String> complaints = new ArrayList<>();

    /** @param queue as /sys/block/nbd0/queue */
    QueueSettings(Path queue) {
        this.queue = queue;
    }

    /**
     * Sets them.
     *
     * @return a line for each that stays as it was, with what that means; none of it makes the device wrong
     */
    List<String> apply(KernelOptions options) {
        set("rotational", "0", "the kernel of Linux 6.12 sends no TRIM to such swap, and fills it in another order");
        allowDiscards();
        if (options.timeoutSeconds() > 0) {
            set("io_timeout", Long.toString(options.timeoutSeconds() * 1000L), "a slow answer may count as a lost one");
        }
        set(
                "max_sectors_kb",
                Integer.toString(fittingReadKib(options.buffers().sendBytes())),
                "a read error that is found half-way breaks the connection");
        return List.copyOf(complaints);
    }

    /**
     * Allows what the server offers. The kernel shows that in whole sectors, and refuses a limit that is not in whole blocks, so
     * the offer itself cannot always be written back.
     *
     * <p>Linux 6.12 and later raise no limit of zero: they compare a new one with the granularity of discards, which they set to
     * zero with the limit.
     */
    private void allowDiscards() {
        String offered = read("discard_max_hw_bytes");
        String allowed = read("discard_max_bytes");
        if (!offered.isEmpty() && !allowed.equals(offered)) {
            set(
                    "discard_max_bytes",
                    Long.toString(Long.parseLong(offered) & -PAGE_BYTES),
                    allowed.equals("0")
                            ? "no TRIM arrives; load the kernel's module nbd anew to undo the limit"
                            : "TRIM may not arrive");
        }
    }

    /** The longest READ whose answer fits the send buffer, so that an error found half-way can still be told. */
    private static int fittingReadKib(int sendBufferBytes) {
        return (sendBufferBytes - SimpleReplyDescriptor.LENGTH) / 1024 & -PAGE_KIB;
    }

    /** Does nothing where the kernel has no such setting, or nothing is {@code wanted}. */
    private void set(String name, String wanted, String consequence) {
        String found = read(name);
        if (found.isEmpty() || wanted.isEmpty() || found.equals(wanted)) {
            return;
        }
        Path file = queue.resolve(name);
        try {
            Files.writeString(file, wanted);
        } catch (IOException e) {
            complaints.add(file + " stays " + found + ", and should be " + wanted + " (" + e.getMessage() + "): "
                    + consequence);
        }
    }

    /** Empty where there is no such setting. */
    private String read(String name) {
        try {
            return Files.readString(queue.resolve(name)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}

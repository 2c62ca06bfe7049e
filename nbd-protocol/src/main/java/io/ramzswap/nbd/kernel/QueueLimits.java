package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.wire.SimpleReplyDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Limits of the device's request queue, set through sysfs as far as it can be. */
final class QueueLimits {
    private static final int PAGE_KIB = 4;

    private QueueLimits() {}

    /**
     * Makes every READ's answer fit the send buffer, so that an error found half-way can still be told. Where sysfs is not
     * writable a longer READ is streamed, and such an error breaks the connection: worse, not wrong.
     */
    static void fitReads(KernelDevice device, int sendBufferBytes) {
        final int kib = (sendBufferBytes - SimpleReplyDescriptor.LENGTH) / 1024 & -PAGE_KIB;
        final Path limit = device.sysfs().resolve("queue/max_sectors_kb");
        try {
            Files.writeString(limit, Integer.toString(kib));
        } catch (IOException e) {
            // Said above.
        }
    }
}

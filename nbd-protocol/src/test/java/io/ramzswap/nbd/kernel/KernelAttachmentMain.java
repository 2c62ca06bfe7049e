package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.TransmissionFlag;
import java.io.IOException;

/**
 * Attaches a device of memory, runs a command while it is attached, and detaches. To be run as root in a virtual machine:
 * {@code KernelAttachmentMain WAY DEVICE MIB COMMAND...}. Ends with the command's status. With {@code -Ddeaf=true} one
 * connection of the first attachment does not answer; with {@code -Drotational=true} the device says that it is rotational.
 */
public final class KernelAttachmentMain {
    private KernelAttachmentMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        final KernelDevice device = KernelDevice.parse(arguments[1]).orElseThrow();
        final MemoryExport export = new MemoryExport(
                "test",
                Integer.parseInt(arguments[2]) << 20,
                MemoryExport.ALL_FLAGS | (Boolean.getBoolean("rotational") ? TransmissionFlag.ROTATIONAL : 0),
                new BlockSize(4096, 4096, BlockSize.LONGEST_PAYLOAD));
        final DeafAtFirst deafAtFirst = new DeafAtFirst(export);
        final Export served = Boolean.getBoolean("deaf") ? deafAtFirst : export;
        final KernelOptions options = KernelOptions.forSwap()
                .withWay(KernelOptions.Way.valueOf(arguments[0]))
                .withConnections(2);
        int status;
        try {
            final KernelAttachment attachment = KernelAttachment.attach(device, served, options, task -> {
                final Thread thread = new Thread(task, "nbd");
                thread.setDaemon(true);
                return thread;
            });
            attachment.complaints().forEach(System.out::println);
            System.out.println("attached " + device + ", " + device.sizeBytes() + " bytes, by process "
                    + device.attacherPid().orElse(0) + ", deaf sessions tried " + deafAtFirst.sessions.get() / 3);
            final String[] command = java.util.Arrays.copyOfRange(arguments, 3, arguments.length);
            status = new ProcessBuilder(command).inheritIO().start().waitFor();
            attachment.detach();
            System.out.println("detached; trims " + export.trims + ", flushes " + export.flushes + ", sessions "
                    + export.openSessions + ", invalid " + export.invalid + ", writes " + export.writes + ", size "
                    + device.sizeBytes());
        } catch (KernelException e) {
            System.out.println(e.reason() + ": " + e.getMessage());
            status = 3;
        }
        System.exit(status);
    }
}

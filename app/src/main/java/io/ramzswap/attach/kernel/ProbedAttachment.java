package io.ramzswap.attach.kernel;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.closing.Undo;
import io.ramzswap.nbd.kernel.DeviceClaim;
import io.ramzswap.nbd.kernel.KernelAttachment;
import io.ramzswap.nbd.kernel.KernelDevice;
import io.ramzswap.nbd.kernel.KernelOptions;
import io.ramzswap.nbd.kernel.LoopbackConnection;
import io.ramzswap.nbd.wire.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * An export attached to the kernel, with one connection more, to ourselves, for seeing whether serving still works. What a
 * thread of the kernel's own connections does is not seen by it.
 *
 * <p>The kernel's device itself is no place to look: a thread of ours that waited there for a request that is never answered
 * could not be killed, the sockets would stay open for its sake, and the kernel would never give the requests up.
 */
final class ProbedAttachment implements KernelDriver.AttachedExport {
    private final KernelAttachment attachment;
    private final LoopbackConnection loopback;
    private final ByteBuffer page;
    private boolean closed;

    private ProbedAttachment(KernelAttachment attachment, LoopbackConnection loopback, int blockBytes) {
        this.attachment = attachment;
        this.loopback = loopback;
        this.page = ByteBuffer.allocateDirect(blockBytes);
    }

    static ProbedAttachment attach(KernelDevice device, Export export, KernelOptions options, ThreadFactory threads)
            throws IOException {
        LoopbackConnection loopback = LoopbackConnection.open(export, options, threads);
        try (Undo undo = new Undo()) {
            undo.with(loopback, LoopbackConnection::close);
            KernelAttachment attachment = KernelAttachment.attach(device, export, options, threads);
            return undo.done(new ProbedAttachment(attachment, loopback, options.blockSizeBytes()));
        }
    }

    @Override
    public List<String> complaints() {
        return attachment.complaints();
    }

    @Override
    public KernelDriver.DetachClaim claim() throws IOException {
        DeviceClaim claim = attachment.device().claim();
        return new KernelDriver.DetachClaim() {
            @Override
            public void detach() throws IOException {
                attachment.detach(claim);
                endProbes();
            }

            @Override
            public void close() {
                claim.close();
            }
        };
    }

    private synchronized void endProbes() {
        closed = true;
        loopback.close();
    }

    @Override
    public synchronized void probe() throws IOException {
        if (closed) {
            return;
        }
        loopback.add(Command.READ, 0, page.capacity());
        loopback.send();
        // An error is an answer, too, and counted: a page may be lost while all others are served.
        loopback.awaitData(page.capacity(), page, 0);
    }
}

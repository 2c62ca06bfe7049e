package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.transport.SendBuffer;
import io.ramzswap.nbd.wire.ChunkDescriptor;
import io.ramzswap.nbd.wire.CommandFlag;
import java.nio.ByteBuffer;

/** Answers BLOCK_STATUS: a chunk for each chosen context, of as many extents as fit the send buffer. */
final class BlockStatus {
    private static final int COMPACT_PREFIX_BYTES = 4;
    private static final int COMPACT_EXTENT_BYTES = 8;
    private static final int EXTENDED_PREFIX_BYTES = 8;
    private static final int EXTENDED_EXTENT_BYTES = 16;
    private static final int MAXIMUM_EXTENTS = 1 << 20;
    private static final long MAXIMUM_COMPACT_LENGTH = 0xFFFFFFFFL;

    private final SendBuffer out;
    private final ByteBuffer buffer;
    private final ExportSession session;
    private final TransmissionMode mode;
    private final Chunks chunks;
    private final int minimumBlock;
    private final int prefixBytes;
    private final int extentBytes;
    private final long maximumLength;

    BlockStatus(SendBuffer out, ExportSession session, TransmissionMode mode, int minimumBlock, Chunks chunks) {
        this.out = out;
        this.session = session;
        this.mode = mode;
        this.chunks = chunks;
        this.minimumBlock = minimumBlock;
        buffer = out.buffer();
        final boolean extended = chunks.isExtended();
        prefixBytes = extended ? EXTENDED_PREFIX_BYTES : COMPACT_PREFIX_BYTES;
        extentBytes = extended ? EXTENDED_EXTENT_BYTES : COMPACT_EXTENT_BYTES;
        maximumLength = extended ? Extent.MAXIMUM_LENGTH : MAXIMUM_COMPACT_LENGTH & -minimumBlock;
    }

    void answer(Request request) {
        if (mode.allocationContext()) {
            final int flags = mode.stateContext() ? 0 : ChunkDescriptor.DONE;
            context(request, TransmissionMode.ALLOCATION_CONTEXT_ID, flags);
        }
        if (mode.stateContext()) {
            context(request, TransmissionMode.STATE_CONTEXT_ID, ChunkDescriptor.DONE);
        }
    }

    private void context(Request request, int contextId, int flags) {
        final int fixedBytes = chunks.headerBytes() + prefixBytes;
        final int most = mostExtents(request, (out.capacity() - fixedBytes) / extentBytes);
        final int index = out.reserve(fixedBytes + most * extentBytes);
        final int count = putExtents(request, contextId, index + fixedBytes, most);
        final int payload = prefixBytes + count * extentBytes;
        final int type = chunks.isExtended() ? ChunkDescriptor.BLOCK_STATUS_EXT : ChunkDescriptor.BLOCK_STATUS;
        chunks.putHeader(index, flags, type, request, payload);
        buffer.putInt(index + chunks.headerBytes(), contextId);
        if (chunks.isExtended()) {
            buffer.putInt(index + chunks.headerBytes() + Integer.BYTES, count);
        }
        out.commit(chunks.headerBytes() + payload);
    }

    private int mostExtents(Request request, int thatFit) {
        if ((request.flags & CommandFlag.REQ_ONE) != 0) {
            return 1;
        }
        final long blocks = (request.length + minimumBlock - 1) / minimumBlock;
        return (int) Math.min(blocks, Math.min(thatFit, MAXIMUM_EXTENTS));
    }

    private int putExtents(Request request, int contextId, int index, int most) {
        long offset = request.offset;
        long remaining = request.length;
        int count = 0;
        while (remaining > 0 && count < most) {
            final long first = session.extent(offset, remaining);
            final int status = status(first, contextId);
            final long run = runOfStatus(offset, first, status, contextId, Math.min(remaining, maximumLength));
            putExtent(index + count * extentBytes, run, status);
            offset += run;
            remaining -= run;
            count++;
        }
        return count;
    }

    private long runOfStatus(long offset, long first, int status, int contextId, long limit) {
        long run = Extent.length(first);
        while (run < limit) {
            final long next = session.extent(offset + run, limit - run);
            if (status(next, contextId) != status) {
                return run;
            }
            run += Extent.length(next);
        }
        return limit;
    }

    private void putExtent(int index, long length, int status) {
        if (chunks.isExtended()) {
            buffer.putLong(index, length);
            buffer.putLong(index + Long.BYTES, status);
        } else {
            buffer.putInt(index, (int) length);
            buffer.putInt(index + Integer.BYTES, status);
        }
    }

    private static int status(long extent, int contextId) {
        return contextId == TransmissionMode.ALLOCATION_CONTEXT_ID ? Extent.allocation(extent) : Extent.state(extent);
    }
}

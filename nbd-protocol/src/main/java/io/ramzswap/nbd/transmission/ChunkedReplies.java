package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.transport.SendBuffer;
import io.ramzswap.nbd.wire.ChunkDescriptor;
import io.ramzswap.nbd.wire.CommandFlag;

/**
 * Structured and extended replies. Every chunk is whole in the send buffer before any of it is sent, so an error can always
 * be told and never breaks the connection.
 */
final class ChunkedReplies implements Replies {
    /** Fits an int and a hole's length, and is a multiple of any block. */
    private static final int MAXIMUM_RUN_BYTES = 1 << 30;

    private final SendBuffer out;
    private final ExportSession session;
    private final Chunks chunks;
    private final BlockStatus blockStatus;
    private final int maximumData;
    private final int cutMask;

    ChunkedReplies(SendBuffer out, ExportSession session, TransmissionMode mode, int minimumBlock, int cutMask) {
        this.out = out;
        this.session = session;
        chunks = new Chunks(out, mode.isExtended());
        blockStatus = new BlockStatus(out, session, mode, minimumBlock, chunks);
        maximumData = out.capacity() - chunks.dataOffset();
        this.cutMask = cutMask;
    }

    @Override
    public void done(Request request, int error) {
        if (error == NbdError.OK) {
            chunks.none(request);
        } else {
            chunks.error(request, error);
        }
    }

    @Override
    public boolean read(Request request) {
        if (request.length == 0) {
            chunks.none(request);
        } else if ((request.flags & CommandFlag.DF) == 0) {
            readInChunks(request);
        } else if (request.length <= maximumData) {
            data(request, request.offset, (int) request.length, true);
        } else {
            chunks.error(request, NbdError.EOVERFLOW);
        }
        return true;
    }

    @Override
    public void blockStatus(Request request) {
        blockStatus.answer(request);
    }

    private void readInChunks(Request request) {
        long offset = request.offset;
        long remaining = request.length;
        boolean ok = true;
        while (ok && remaining > 0) {
            final long extent = session.extent(offset, remaining);
            final boolean zero = Extent.isZero(extent);
            final long run = runOfSameKind(offset, extent, Math.min(remaining, MAXIMUM_RUN_BYTES));
            final int piece = zero || run <= maximumData ? (int) run : Pieces.cut(offset, maximumData, cutMask);
            final boolean last = piece == remaining;
            if (zero) {
                chunks.hole(request, last ? ChunkDescriptor.DONE : 0, offset, piece);
            } else {
                ok = data(request, offset, piece, last);
            }
            offset += piece;
            remaining -= piece;
        }
    }

    /** How far it is all zeroes, or all to be read, from {@code offset}, whose extent is known. */
    private long runOfSameKind(long offset, long first, long limit) {
        long run = Extent.length(first);
        while (run < limit) {
            final long next = session.extent(offset + run, limit - run);
            if (Extent.isZero(next) != Extent.isZero(first)) {
                return run;
            }
            run += Extent.length(next);
        }
        return limit;
    }

    private boolean data(Request request, long offset, int length, boolean last) {
        final int dataOffset = chunks.dataOffset();
        final int index = out.reserve(dataOffset + length);
        final int error = session.read(offset, length, out.buffer(), index + dataOffset);
        if (error != NbdError.OK) {
            chunks.errorAt(request, error, offset);
            return false;
        }
        chunks.putDataHeader(index, last ? ChunkDescriptor.DONE : 0, request, offset, length);
        out.commit(dataOffset + length);
        return true;
    }
}

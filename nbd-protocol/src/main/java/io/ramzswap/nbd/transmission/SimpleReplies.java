package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.transport.SendBuffer;
import io.ramzswap.nbd.wire.SimpleReplyDescriptor;

/** Simple replies: a header, and behind that of a READ its data. */
final class SimpleReplies implements Replies {
    private final SendBuffer out;
    private final ExportSession session;
    /** The longest piece of data behind a header in an empty send buffer, and without one: whole blocks. */
    private final int maximumFirstPiece;

    private final int maximumPiece;

    SimpleReplies(SendBuffer out, ExportSession session, int minimumBlock) {
        this.out = out;
        this.session = session;
        maximumPiece = out.capacity() & -minimumBlock;
        maximumFirstPiece = (out.capacity() - SimpleReplyDescriptor.LENGTH) & -minimumBlock;
    }

    @Override
    public void done(Request request, int error) {
        final int header = out.reserve(SimpleReplyDescriptor.LENGTH);
        SimpleReplyDescriptor.put(out.buffer(), header, error, request.cookie);
        out.commit(SimpleReplyDescriptor.LENGTH);
    }

    @Override
    public boolean read(Request request) {
        final int first = (int) Math.min(request.length, maximumFirstPiece);
        final int header = out.reserve(SimpleReplyDescriptor.LENGTH + first);
        SimpleReplyDescriptor.put(out.buffer(), header, NbdError.OK, request.cookie);
        final int error = produce(request.offset, first, header + SimpleReplyDescriptor.LENGTH);
        if (error != NbdError.OK) {
            // Nothing has been sent yet, so the reply can still become a refusal.
            SimpleReplyDescriptor.putError(out.buffer(), header, error);
            out.commit(SimpleReplyDescriptor.LENGTH);
            return true;
        }
        out.commit(SimpleReplyDescriptor.LENGTH + first);
        return stream(request.offset + first, request.length - first);
    }

    private boolean stream(long from, long length) {
        long offset = from;
        long remaining = length;
        while (remaining > 0 && !out.isBroken()) {
            final int piece = (int) Math.min(remaining, maximumPiece);
            if (produce(offset, piece, out.reserve(piece)) != NbdError.OK) {
                return false;
            }
            out.commit(piece);
            offset += piece;
            remaining -= piece;
        }
        return true;
    }

    private int produce(long offset, int length, int position) {
        return length == 0 ? NbdError.OK : session.read(offset, length, out.buffer(), position);
    }
}

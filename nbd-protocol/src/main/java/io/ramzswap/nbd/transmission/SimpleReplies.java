package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.transport.SendBuffer;
import io.ramzswap.nbd.wire.SimpleReplyDescriptor;

/** Simple replies: a header, and behind that of a READ its data. */
final class SimpleReplies implements Replies {
    private final SendBuffer out;
    private final ExportSession session;
    private final int cutMask;

    SimpleReplies(SendBuffer out, ExportSession session, int cutMask) {
        this.out = out;
        this.session = session;
        this.cutMask = cutMask;
    }

    @Override
    public void done(Request request, int error) {
        final int header = out.reserve(SimpleReplyDescriptor.LENGTH);
        SimpleReplyDescriptor.put(out.buffer(), header, error, request.cookie);
        out.commit(SimpleReplyDescriptor.LENGTH);
    }

    @Override
    public boolean read(Request request) {
        final int first = piece(request.offset, request.length, out.capacity() - SimpleReplyDescriptor.LENGTH);
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

    @Override
    public void blockStatus(Request request) {
        throw new IllegalStateException("simple replies have no metadata contexts");
    }

    private boolean stream(long from, long length) {
        long offset = from;
        long remaining = length;
        while (remaining > 0 && !out.isBroken()) {
            final int piece = piece(offset, remaining, out.capacity());
            if (produce(offset, piece, out.reserve(piece)) != NbdError.OK) {
                return false;
            }
            out.commit(piece);
            offset += piece;
            remaining -= piece;
        }
        return true;
    }

    private int piece(long offset, long length, int room) {
        return length <= room ? (int) length : Pieces.cut(offset, room, cutMask);
    }

    private int produce(long offset, int length, int position) {
        return length == 0 ? NbdError.OK : session.read(offset, length, out.buffer(), position);
    }
}

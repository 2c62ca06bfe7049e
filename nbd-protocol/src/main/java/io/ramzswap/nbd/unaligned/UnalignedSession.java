package io.ramzswap.nbd.unaligned;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.Extent;
import io.ramzswap.nbd.ForwardingSession;
import io.ramzswap.nbd.NbdError;
import java.nio.ByteBuffer;

/**
 * Cuts a request into a part of a block, whole blocks, and a part of a block.
 *
 * <pre>
 *        offset                                end
 *          v                                    v
 *  |-----[head]|[ whole |  blocks | ... ]|[tail]-----|
 * </pre>
 */
final class UnalignedSession extends ForwardingSession {
    private static final OnWhole TRIM = ExportSession::trim;
    private static final OnWhole CLEAR = ExportSession::writeZeroes;
    private static final OnWhole GIVE_UP = (session, offset, length) -> {
        session.giveUp(offset, length);
        return NbdError.OK;
    };

    private final ExportSession session;
    private final BlockLocks locks;
    private final int block;
    private final long inBlock;
    /** One block being read and written back. */
    private final ByteBuffer scratch;

    private final ByteBuffer zeroes;
    private boolean locked;

    /** A question to the export about whole blocks. It captures nothing of the request, so asking allocates nothing. */
    @FunctionalInterface
    private interface OnWhole {
        int ask(ExportSession session, long offset, long length);
    }

    UnalignedSession(ExportSession session, int block, BlockLocks locks) {
        super(session);
        this.session = session;
        this.locks = locks;
        this.block = block;
        inBlock = block - 1L;
        scratch = ByteBuffer.allocateDirect(block);
        zeroes = ByteBuffer.allocateDirect(block);
    }

    @Override
    public int read(long offset, int length, ByteBuffer destination, int position) {
        int done = 0;
        while (done < length) {
            final long at = offset + done;
            final int whole = wholeBlocks(at, length - done);
            final int count;
            final int error;
            if (whole > 0) {
                count = whole;
                error = session.read(at, count, destination, position + done);
            } else {
                count = partOfBlock(at, length - done);
                error = session.read(at & ~inBlock, block, scratch, 0);
                destination.put(position + done, scratch, (int) (at & inBlock), count);
            }
            if (error != NbdError.OK) {
                return error;
            }
            done += count;
        }
        return NbdError.OK;
    }

    @Override
    public int write(long offset, int length, ByteBuffer source, int position) {
        int done = 0;
        while (done < length) {
            final long at = offset + done;
            final int whole = wholeBlocks(at, length - done);
            final int count = whole > 0 ? whole : partOfBlock(at, length - done);
            final int error = whole > 0
                    ? writeWhole(at, whole, source, position + done)
                    : change(at, count, source, position + done);
            done += count;
            if (error != NbdError.OK) {
                giveUp(offset + done, length - done);
                return error;
            }
        }
        return NbdError.OK;
    }

    /** Only whole blocks: of one that is written in part the rest is not stale. */
    @Override
    public void giveUp(long offset, long length) {
        onWholeBlocks(offset, length, GIVE_UP);
    }

    @Override
    public int writeZeroes(long offset, long length) {
        long done = 0;
        while (done < length) {
            final long at = offset + done;
            final long whole = (at & inBlock) == 0 ? (length - done) & ~inBlock : 0;
            final long count = whole > 0 ? whole : partOfBlock(at, length - done);
            final int error = whole > 0 ? onWholeBlocks(at, whole, CLEAR) : change(at, (int) count, zeroes, 0);
            if (error != NbdError.OK) {
                return error;
            }
            done += count;
        }
        return NbdError.OK;
    }

    /** Only whole blocks are given up: it is a hint. */
    @Override
    public int trim(long offset, long length) {
        return onWholeBlocks(offset, length, TRIM);
    }

    @Override
    public long extent(long offset, long length) {
        final long skipped = offset & inBlock;
        final long aligned = (skipped + length + inBlock) & ~inBlock;
        final long extent = session.extent(offset - skipped, aligned);
        final long rest = Math.min(Extent.length(extent) - skipped, length);
        return Extent.of(rest, Extent.allocation(extent), Extent.state(extent));
    }

    /** Left out while blocks are locked: whoever waits for them must not wait for this one's client. */
    @Override
    public void beforeWaiting(Runnable task) {
        session.beforeWaiting(() -> {
            if (!locked) {
                task.run();
            }
        });
    }

    private int writeWhole(long at, int count, ByteBuffer source, int position) {
        final long taken = lockWhole(at, count);
        try {
            return session.write(at, count, source, position);
        } finally {
            unlockWhole(taken);
        }
    }

    /** Asks for the blocks that lie whole in a range, if there are any. */
    private int onWholeBlocks(long offset, long length, OnWhole request) {
        final long first = (offset + inBlock) & ~inBlock;
        final long end = (offset + length) & ~inBlock;
        if (first >= end) {
            return NbdError.OK;
        }
        final long taken = lockWhole(first, end - first);
        try {
            return request.ask(session, first, end - first);
        } finally {
            unlockWhole(taken);
        }
    }

    private int change(long at, int count, ByteBuffer source, int position) {
        locks.lockPart(at / block);
        locked = true;
        try {
            return changeLocked(at, count, source, position);
        } finally {
            locked = false;
            locks.unlockPart(at / block);
        }
    }

    private int changeLocked(long at, int count, ByteBuffer source, int position) {
        final long blockStart = at & ~inBlock;
        final int error = session.read(blockStart, block, scratch, 0);
        if (error != NbdError.OK) {
            return error;
        }
        scratch.put((int) (at & inBlock), source, position, count);
        return session.write(blockStart, block, scratch, 0);
    }

    private int wholeBlocks(long at, int length) {
        return (at & inBlock) == 0 ? (int) (length & ~inBlock) : 0;
    }

    private int partOfBlock(long at, long length) {
        return (int) Math.min(length, block - (at & inBlock));
    }

    private long lockWhole(long at, long count) {
        final long taken = locks.lockWhole(at / block, count / block);
        locked = true;
        return taken;
    }

    private void unlockWhole(long taken) {
        locked = false;
        locks.unlockWhole(taken);
    }
}

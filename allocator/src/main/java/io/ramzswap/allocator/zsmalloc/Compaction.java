package io.ramzswap.allocator.zsmalloc;

import io.ramzswap.allocator.MoveListener;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.pool.Pool;
import io.ramzswap.allocator.pool.SpinLock;
import java.util.concurrent.atomic.LongAdder;

/** Moves objects of the emptiest spans of each class to the fullest ones; a class's lock is held for one at a time. */
final class Compaction {
    private static final int REFUSED = -1;
    private static final int DONE = -2;
    /** After so many the class is left alone until the next time: its objects are in use. */
    private static final int MOST_VETOES = 64;

    private final Pool pool;
    private final SizeClass[] classes;
    private final SpinLock running = new SpinLock();
    private final LongAdder movedObjects = new LongAdder();
    private final LongAdder movedBytes = new LongAdder();
    private final LongAdder vetoes = new LongAdder();
    /** The span being emptied and the object in it to look at next; of the thread that runs. */
    private long source;

    private long next;

    Compaction(Pool pool, SizeClass[] classes) {
        this.pool = pool;
        this.classes = classes;
    }

    long run(MoveListener listener, long mostBytes) {
        if (!running.tryLock()) {
            return 0;
        }
        try {
            long moved = 0;
            for (int i = 0; i < classes.length && moved < mostBytes; i++) {
                moved += compact(classes[i], listener, mostBytes - moved);
            }
            return moved;
        } finally {
            running.unlock();
        }
    }

    private long compact(SizeClass sizeClass, MoveListener listener, long mostBytes) {
        source = SizeClass.NONE;
        next = SizeClass.NONE;
        long moved = 0;
        int refused = 0;
        while (moved < mostBytes && refused < MOST_VETOES) {
            int result = step(sizeClass, listener);
            if (result == DONE) {
                break;
            }
            if (result == REFUSED) {
                refused++;
            } else {
                moved += result;
            }
        }
        return moved;
    }

    private int step(SizeClass sizeClass, MoveListener listener) {
        sizeClass.lock.lock();
        long span = sizeClass.source();
        if (span != source) {
            source = span;
            next = span;
        }
        long from = span == SizeClass.NONE ? SizeClass.NONE : sizeClass.nextUsed(span, next);
        if (from == SizeClass.NONE) {
            // Nothing to gain, or the owners keep what is left of this span.
            sizeClass.lock.unlock();
            return DONE;
        }
        next = from + sizeClass.size;
        long to = sizeClass.allocateElsewhere(span);
        if (to == SizeClass.NONE) {
            sizeClass.lock.unlock();
            return DONE;
        }
        boolean moved = listener.tryBegin(from);
        long given = moved ? from : to;
        if (moved) {
            pool.arena().memory().copy(from, to, sizeClass.size);
            listener.moved(from, to);
        }
        long frame = pool.runOf(pool.arena().frameAt(given));
        boolean emptied = frame != Arena.NONE && sizeClass.free(pool.arena().frameOffset(frame), given);
        sizeClass.lock.unlock();
        if (emptied) {
            pool.freeRun(frame, sizeClass.frames);
        }
        return count(moved, sizeClass.size);
    }

    private int count(boolean moved, int bytes) {
        if (!moved) {
            vetoes.increment();
            return REFUSED;
        }
        movedObjects.increment();
        movedBytes.add(bytes);
        return bytes;
    }

    long movedObjects() {
        return movedObjects.sum();
    }

    long movedBytes() {
        return movedBytes.sum();
    }

    long vetoes() {
        return vetoes.sum();
    }
}

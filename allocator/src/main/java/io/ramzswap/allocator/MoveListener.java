package io.ramzswap.allocator;

/**
 * The owner of objects, as a compaction sees it.
 *
 * <p>The allocator holds a lock of its own during both calls, and other threads may wait for that lock while they hold
 * locks of the owner. So the listener must never wait: it may only try. For the same reason it must not call the
 * allocator. Both calls of a move come from one thread, without another move in between.
 */
public interface MoveListener {
    /**
     * May this object be moved? A listener that says yes has made sure that nobody reads, writes or frees the object, or
     * starts to, until {@link #moved}. The object may be one that was allocated but not written or published yet, so its
     * bytes can be anything: the listener says yes only to a handle that it finds published.
     */
    boolean tryBegin(long handle);

    /** The object was copied and is known as {@code to} from here on; {@code from} is dead. Owners may use it again. */
    void moved(long from, long to);
}

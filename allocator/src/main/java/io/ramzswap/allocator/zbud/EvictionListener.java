package io.ramzswap.allocator.zbud;

/** Takes an object away from a frame that is reclaimed. */
@FunctionalInterface
public interface EvictionListener {
    /**
     * Saves the object elsewhere, or drops it, and frees it; called without a lock of the allocator, so it may take those of
     * the owner, and wait. An object that was freed by another thread meanwhile may be passed once more.
     *
     * @return false if it must stay; then its frame is not reclaimed
     */
    boolean evict(long handle);
}

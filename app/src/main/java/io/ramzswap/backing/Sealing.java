package io.ramzswap.backing;

import io.ramzswap.allocator.arena.SharedMemoryException;
import io.ramzswap.backing.BackingSwapException.Reason;
import io.ramzswap.backing.cipher.CipherUnavailableException;

/** How the pages of a backing swap are made safe against a disk that changes, moves, forgets or tells them. Thread-safe. */
interface Sealing extends AutoCloseable {
    /**
     * The one that these options ask for.
     *
     * @throws BackingSwapException if this machine has no encryption
     */
    static Sealing of(BackingOptions options, int slots) throws BackingSwapException {
        if (!options.encrypted()) {
            return new ChecksumSealing();
        }
        try {
            return CipherSealing.create(slots);
        } catch (CipherUnavailableException e) {
            throw new BackingSwapException(
                    Reason.NO_ENCRYPTION,
                    e.getMessage() + ", or do without: --backing_encrypt=off leaves on the disk what was in memory",
                    e);
        } catch (SharedMemoryException e) {
            throw new BackingSwapException(
                    Reason.NO_MEMORY, "no memory for the tags of " + slots + " encrypted pages: " + e.getMessage(), e);
        }
    }

    /** Opens it for the calling thread. */
    Seal open();

    /** The memory that it takes. */
    long bytes();

    /** Forgets what is needed to restore pages. No seal is open any more. */
    @Override
    void close();
}

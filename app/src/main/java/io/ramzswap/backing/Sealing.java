package io.ramzswap.backing;

/** How the pages of a {@link LinearStore} are made safe against a disk that changes, moves, forgets or tells them. Thread-safe. */
interface Sealing extends AutoCloseable {
    /** Opens it for the calling thread. */
    Seal open();

    /** The memory that it takes. */
    long bytes();

    /** No seal is open any more. */
    @Override
    void close();
}

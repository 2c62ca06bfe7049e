package io.ramzswap.backing;

/**
 * What holds the pages of a backing swap. An interface, so that tests can play a disk that fails.
 *
 * <p>Thread-safe. Reading and writing wait for the disk, in the calling thread, and allocate nothing.
 */
public interface BlockFile extends AutoCloseable {
    /**
     * Reads whole pages.
     *
     * @param position where they go, a multiple of the page's size
     * @param length a multiple of the page's size
     * @param offset a multiple of the page's size
     * @return how many bytes were read, which may be fewer, and is 0 behind the end; or the errno, negative
     */
    int read(AlignedMemory memory, int position, int length, long offset);

    /** Writes whole pages. Arguments and answer are those of {@link #read}. */
    int write(AlignedMemory memory, int position, int length, long offset);

    /** Nobody reads or writes any more. */
    @Override
    void close();
}

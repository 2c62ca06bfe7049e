package io.ramzswap.backing;

/**
 * What holds the pages of a backing swap. An interface, so that tests can play a disk that fails.
 *
 * <p>Thread-safe. Reading and writing wait for the disk, in the calling thread, and allocate nothing.
 */
public interface BlockFile extends AutoCloseable {
    /**
     * Reads a page.
     *
     * @param offset a multiple of the page's size
     * @return how many bytes were read, which may be fewer than a page, and is 0 behind the end; or the errno, negative
     */
    int read(AlignedPage page, long offset);

    /** Writes a page. Arguments and answer are those of {@link #read}. */
    int write(AlignedPage page, long offset);

    /** Nobody reads or writes any more. */
    @Override
    void close();
}

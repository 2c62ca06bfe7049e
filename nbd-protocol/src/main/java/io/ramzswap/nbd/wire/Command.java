package io.ramzswap.nbd.wire;

/** Commands of the transmission phase. Source: NBD protocol document, "Request types". */
public final class Command {
    /** Reads a range. */
    public static final int READ = 0;
    /** Writes a range; the payload follows the header. */
    public static final int WRITE = 1;
    /** Ends the connection; not answered. */
    public static final int DISC = 2;
    /** Makes answered writes durable. */
    public static final int FLUSH = 3;
    /** Tells that a range is no longer needed. */
    public static final int TRIM = 4;
    /** Tells that a range will soon be read. */
    public static final int CACHE = 5;
    /** Makes a range read as zeroes. */
    public static final int WRITE_ZEROES = 6;
    /** Asks for the extents of a range. */
    public static final int BLOCK_STATUS = 7;

    private Command() {}
}

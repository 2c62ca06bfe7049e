package io.ramzswap.allocator.arena;

/** The holder of a frame: one byte beside the frame, which any process that maps the arena can read. */
public final class FrameTag {
    /** Nobody. A frame that is in use and still carries this was being handed out when its process died. */
    public static final int NOBODY = 0;
    /** The control area of an allocator. */
    public static final int CONTROL = 1;
    /** A page stored as it is, by the arena's user. */
    public static final int RAW = 2;
    /** An allocator's frame that holds one object, all of it. */
    public static final int WHOLE = 3;
    /** A frame behind the first of a run, whose own tag tells what it is. */
    public static final int TAIL = 4;
    /** A frame cut up by xvmalloc. */
    public static final int XVMALLOC = 5;
    /** A frame cut up by zbud. */
    public static final int ZBUD = 6;
    /** The first frame of a span of zsmalloc. */
    public static final int ZSMALLOC = 7;
    /** The first frame of a segment. */
    public static final int SEGMENT = 8;

    private FrameTag() {}
}

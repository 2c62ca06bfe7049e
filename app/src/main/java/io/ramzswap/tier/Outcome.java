package io.ramzswap.tier;

/** The outcome of a read from a tier. */
public enum Outcome {
    /** The page is as it was stored. */
    INTACT,
    /** The tier has other bytes than were stored. */
    CORRUPT,
    /** The tier gave nothing. */
    FAILED,
    /** The slot has another word by now. */
    OVERTAKEN
}

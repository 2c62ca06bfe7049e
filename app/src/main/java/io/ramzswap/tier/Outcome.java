package io.ramzswap.tier;

/** What came of asking a tier for a page. */
public enum Outcome {
    /** The page is as it was stored. */
    INTACT,
    /** What the tier has is not what was stored. */
    CORRUPT,
    /** The tier gave nothing. */
    FAILED,
    /** The slot has another word by now. */
    OVERTAKEN
}

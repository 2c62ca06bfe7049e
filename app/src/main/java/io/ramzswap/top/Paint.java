package io.ramzswap.top;

/** Emphasis, on a terminal that shows it. Source: ECMA-48, Select Graphic Rendition. */
public enum Paint {
    /** Headings. */
    BOLD("1"),
    /** As it should be. */
    GREEN("32"),
    /** Worth a look. */
    YELLOW("33"),
    /** Bad. */
    RED("31");

    private static final String RESET = "\u001b[0m";

    private final String code;

    Paint(String code) {
        this.code = code;
    }

    /** {@code text} with this emphasis. */
    public String on(String text) {
        return "\u001b[" + code + "m" + text + RESET;
    }

    /** The same, or the text as it is. */
    String on(String text, boolean colours) {
        return colours ? on(text) : text;
    }
}

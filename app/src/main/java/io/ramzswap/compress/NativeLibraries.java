package io.ramzswap.compress;

/** Native libraries, which their Java libraries unpack before they load them. */
public final class NativeLibraries {
    private NativeLibraries() {}

    /**
     * The failure to load one, and what to do.
     *
     * @param name as in "LZ4"
     */
    public static LibraryMissingException notLoaded(String name, Throwable cause) {
        return new LibraryMissingException(
                "the native " + name + " library could not be loaded (" + reason(cause) + "): make "
                        + System.getProperty("java.io.tmpdir")
                        + " writable and executable, with room for some megabytes, or name another directory with"
                        + " -Djava.io.tmpdir",
                cause);
    }

    /** Some libraries tell why only in what lies behind their error, and some give no words at all. */
    private static String reason(Throwable failure) {
        String words = failure.getClass().getSimpleName() + " without a word";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                words = cause.getMessage().strip();
            }
        }
        return words;
    }
}

package io.ramzswap.compress;

/** Compressors come with native libraries, which their Java libraries unpack before they load them. */
final class NativeLibraries {
    private NativeLibraries() {}

    /** That one could not be, and what to do. */
    static IllegalStateException notLoaded(String name, Throwable cause) {
        return new IllegalStateException(
                "the native " + name + " library could not be loaded (" + cause.getMessage() + "): make "
                        + System.getProperty("java.io.tmpdir")
                        + " writable and executable, or name another directory with -Djava.io.tmpdir",
                cause);
    }
}

package io.ramzswap.libc;

import java.nio.file.Path;

/**
 * The native libraries that Java libraries bring along. An installed program has them in a directory of its own, and loads them
 * from there; nothing is unpacked while it runs. Without such a directory, as in tests, the Java libraries unpack them below
 * {@code java.io.tmpdir}.
 */
public final class NativeLibraries {
    /** System property: the directory. The launchers set it, and java.library.path to the same. */
    public static final String DIRECTORY = "ramzswap.libraries";

    /** What jnr-ffi makes system calls with; the number is that of its interface, and has been the same since 2012. */
    private static final String FOREIGN_FUNCTIONS = "jffi-1.2";

    private NativeLibraries() {}

    /**
     * Loads the one without which no system call can be made.
     *
     * @throws LibraryMissingException if that fails
     */
    public static void loadForeignFunctions() {
        load(FOREIGN_FUNCTIONS);
    }

    /**
     * Loads one from the directory, if there is a directory. The Java library that needs it finds it loaded.
     *
     * @param name without what the system puts around it, as "lz4-java"
     * @throws LibraryMissingException if that fails
     */
    public static void load(String name) {
        String directory = System.getProperty(DIRECTORY);
        if (directory == null) {
            return;
        }
        try {
            System.load(Path.of(directory, System.mapLibraryName(name))
                    .toAbsolutePath()
                    .toString());
        } catch (UnsatisfiedLinkError e) {
            throw new LibraryMissingException(
                    "a library of this program could not be loaded: " + e.getMessage()
                            + "; install ramzswap again, for this processor (" + System.getProperty("os.arch") + ")",
                    e);
        }
    }

    /** For a library that could not be unpacked, where there is no directory. */
    public static LibraryMissingException notUnpacked(String name, Throwable cause) {
        return new LibraryMissingException(
                "the native " + name + " library could not be loaded (" + reason(cause) + "): make "
                        + System.getProperty("java.io.tmpdir")
                        + " writable and executable, or name another directory with -Djava.io.tmpdir",
                cause);
    }

    /** Java libraries wrap what went wrong in errors without a message. */
    private static String reason(Throwable cause) {
        Throwable said = cause;
        while (said.getMessage() == null && said.getCause() != null) {
            said = said.getCause();
        }
        return said.getMessage() == null ? said.toString() : said.getMessage();
    }
}

package io.ramzswap.cli;

import io.ramzswap.control.ControlRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where daemon and rzscontrol meet. */
final class ControlPath {
    /** Unless told otherwise. */
    static final String DEFAULT = "/run/ramzswap/control.sock";

    private ControlPath() {}

    /** Takes the name of a file; none, as of a variable that is not set, would be that of the working directory. */
    static final class Converter implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            Path path = path(value);
            if (path.toAbsolutePath().toString().length() > ControlRequest.MAX_PATH_LENGTH) {
                throw new TypeConversionException(
                        "a name of " + value.length() + " characters is no file's: it has at most "
                                + ControlRequest.MAX_PATH_LENGTH + ", its directory included");
            }
            return path;
        }

        private static Path path(String value) {
            try {
                if (!value.isEmpty()) {
                    return Path.of(value);
                }
            } catch (InvalidPathException e) {
                throw new TypeConversionException("'" + value + "' is no name of a file: " + e.getReason());
            }
            throw new TypeConversionException("'' is no name of a file");
        }
    }
}

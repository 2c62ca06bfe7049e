package io.ramzswap.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where daemon and rzscontrol meet. */
final class ControlPath {
    /** Unless told otherwise. */
    static final String DEFAULT = "/run/ramzswap/control.sock";

    private ControlPath() {}

    /** Takes the name of a socket; none, as of a variable that is not set, would be that of the working directory. */
    static final class Converter implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
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

package io.ramzswap.cli;

import io.ramzswap.setting.FilePath;
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
            try {
                return FilePath.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}

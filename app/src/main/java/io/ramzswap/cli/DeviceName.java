package io.ramzswap.cli;

import io.ramzswap.control.ControlRequest;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a device. */
final class DeviceName {
    private DeviceName() {}

    /** Takes any that the daemon can be asked for. None is what a variable that is not set gives. */
    static final class Converter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (value.isEmpty()) {
                throw new TypeConversionException("'' is no name of a device");
            }
            if (value.length() > ControlRequest.MAX_DEVICE_LENGTH) {
                throw new TypeConversionException("a name of " + value.length()
                        + " characters is no device's: it has at most " + ControlRequest.MAX_DEVICE_LENGTH);
            }
            return value;
        }
    }
}

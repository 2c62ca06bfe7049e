package io.ramzswap.cli;

import io.ramzswap.writeback.IdleTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time in whole seconds. */
record Age(long seconds) {
    static final long DEFAULT_SECONDS = 600;

    /** For options. */
    static final class Converter implements ITypeConverter<Age> {
        @Override
        public Age convert(String text) {
            try {
                return new Age(IdleTime.parse(text).seconds());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}

package io.ramzswap.cli;

import io.ramzswap.writeback.WriteBackKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What to write back, by its name. */
final class WriteBackConverter implements ITypeConverter<WriteBackKind> {
    @Override
    public WriteBackKind convert(String value) {
        return WriteBackKind.of(value)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + value + "' is no kind of pages: there are " + WriteBackKind.labels()));
    }
}

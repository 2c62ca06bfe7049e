package io.ramzswap.cli;

import io.ramzswap.backing.BackingLayout;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A layout by its name. */
final class LayoutConverter implements ITypeConverter<BackingLayout> {
    @Override
    public BackingLayout convert(String value) {
        return BackingLayout.of(value)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + value + "' is no layout: there are " + BackingLayout.labels()));
    }
}

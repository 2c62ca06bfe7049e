package io.ramzswap.cli;

import io.ramzswap.allocator.AllocatorKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An allocator by its name. */
final class AllocatorConverter implements ITypeConverter<AllocatorKind> {
    static final String DESCRIPTION =
            "What cuts up the memory: segment (the default, wastes least), zsmalloc, xvmalloc (as in 2009) or zbud.";

    @Override
    public AllocatorKind convert(String value) {
        return AllocatorKind.of(value)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + value + "' is no allocator: there are " + AllocatorKind.labels()));
    }
}

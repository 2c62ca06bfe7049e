package io.ramzswap.cli;

import io.ramzswap.compress.CompressorKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A compressor by its name. */
final class CompressorConverter implements ITypeConverter<CompressorKind> {
    static final String DESCRIPTION =
            "What makes pages smaller: lz4 (the default, the fastest) or zstd (smaller by up to a third, several times as slow).";

    @Override
    public CompressorKind convert(String value) {
        return CompressorKind.of(value)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + value + "' is no compressor: there are " + CompressorKind.labels()));
    }
}

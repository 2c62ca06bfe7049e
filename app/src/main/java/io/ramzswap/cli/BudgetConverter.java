package io.ramzswap.cli;

import picocli.CommandLine.ITypeConverter;

/** A whole number of kilobytes, or 0. */
final class BudgetConverter implements ITypeConverter<Long> {
    private final Kilobytes.Converter kilobytes = new Kilobytes.Converter();

    @Override
    public Long convert(String value) {
        return kilobytes.convert(value).bytes() >> 10;
    }
}

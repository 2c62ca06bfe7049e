package io.ramzswap.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A whole number of kilobytes, or 0. */
final class BudgetConverter implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("[0-9]{1,15}");

    @Override
    public Long convert(String value) {
        if (!FORM.matcher(value).matches()) {
            throw new TypeConversionException("'" + value + "' is not a number of kilobytes");
        }
        return Long.valueOf(value);
    }
}

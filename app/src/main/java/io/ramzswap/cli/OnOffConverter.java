package io.ramzswap.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** On or off; picocli has made true and false of these two, where a Boolean is wanted, before they come here. */
final class OnOffConverter implements ITypeConverter<Boolean> {
    @Override
    public Boolean convert(String value) {
        return switch (value) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> throw new TypeConversionException("'" + value + "' is neither on nor off");
        };
    }
}

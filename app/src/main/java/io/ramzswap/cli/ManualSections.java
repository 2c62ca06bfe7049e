package io.ramzswap.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What a command knows of itself, in man(7). */
final class ManualSections {
    private final CommandSpec command;

    ManualSections(CommandSpec command) {
        this.command = command;
    }

    /** Its parameters and options, and below them those of its subcommands. */
    List<String> options() {
        List<String> lines = new ArrayList<>();
        options(command, lines);
        for (Map.Entry<String, CommandLine> subcommand : command.subcommands().entrySet()) {
            CommandSpec spec = subcommand.getValue().getCommandSpec();
            if (!spec.usageMessage().hidden()) {
                lines.add(".SS " + roff(subcommand.getKey()));
                lines.addAll(text(spec.usageMessage().description()));
                options(spec, lines);
            }
        }
        return lines;
    }

    /** What it ends with. */
    List<String> exitStatus() {
        List<String> lines = new ArrayList<>();
        command.usageMessage().exitCodeList().forEach((status, meaning) -> {
            lines.add(".TP");
            lines.add(".B " + roff(status));
            lines.addAll(text(meaning));
        });
        return lines;
    }

    private static void options(CommandSpec spec, List<String> lines) {
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (!parameter.hidden()) {
                lines.add(".TP");
                lines.add("\\fI" + roff(parameter.paramLabel()) + "\\fR");
                lines.addAll(text(parameter.description()));
            }
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                lines.add(".TP");
                lines.add(names(option));
                lines.addAll(text(option.description()));
            }
        }
    }

    private static String names(OptionSpec option) {
        return Arrays.stream(option.names())
                .map(name -> "\\fB" + roff(name) + "\\fR" + label(option, name.startsWith("--") ? "=" : " "))
                .collect(Collectors.joining(", "));
    }

    private static String label(ArgSpec option, String separator) {
        if (option.arity().max() == 0) {
            return "";
        }
        String label = separator + "\\fI" + roff(option.paramLabel()) + "\\fR";
        return option.arity().min() == 0 ? "[" + label + "]" : label;
    }

    /** Lines that are formats, as picocli takes them. */
    private static List<String> text(String... formats) {
        return Arrays.stream(formats)
                .map(format -> roff(format.replace("%%", "%").replace("%n", " ").strip()))
                .toList();
    }

    /** Text as it stands in a line of its own. */
    static String roff(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}

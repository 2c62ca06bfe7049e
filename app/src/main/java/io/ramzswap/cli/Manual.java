package io.ramzswap.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * A program of the build, not of the product: writes the manual pages and the shells' completions from the commands
 * themselves, so that neither can be out of date.
 *
 * <p>A page is prose in man(7) with lines that stand for what a command knows of itself: {@code @options@}, {@code
 * @exit-status@} and, anywhere in a line, {@code @version@}.
 */
public final class Manual {
    private static final List<CommandLine> PROGRAMS =
            List.of(new CommandLine(new RamzswapdCommand(new ThisMachine())), new CommandLine(new RzscontrolCommand()));

    private final Path pages;
    private final Path share;

    private Manual(Path pages, Path share) {
        this.pages = pages;
        this.share = share;
    }

    /**
     * Writes them.
     *
     * @param arguments where the prose is, and what is to become /usr/share
     */
    public static void main(String[] arguments) throws IOException {
        new Manual(Path.of(arguments[0]), Path.of(arguments[1])).write();
    }

    private void write() throws IOException {
        for (CommandLine program : PROGRAMS) {
            String name = program.getCommandName();
            ManualSections sections = new ManualSections(program.getCommandSpec());
            page(name + ".8", Map.of("@options@", sections.options(), "@exit-status@", sections.exitStatus()));
            file("bash-completion/completions/" + name, withoutInterpreter(AutoComplete.bash(name, program)));
            file("zsh/vendor-completions/_" + name, zshCompletion(name));
        }
        page("ramzswap.conf.5", Map.of());
    }

    /** It is read by a shell, not run. */
    private static String withoutInterpreter(String script) {
        return script.replaceFirst("^#!.*\\R", "");
    }

    private void page(String name, Map<String, List<String>> generated) throws IOException {
        Function<String, Stream<String>> expand = line -> generated.getOrDefault(line, List.of(line)).stream();
        String version = Version.number();
        List<String> lines;
        try (Stream<String> prose = Files.lines(pages.resolve(name))) {
            lines = prose.flatMap(expand)
                    .map(line -> line.replace("@version@", version))
                    .toList();
        }
        file("man/man" + name.charAt(name.length() - 1) + "/" + name, String.join("\n", lines) + "\n");
    }

    private static String zshCompletion(String name) {
        return String.join(
                "\n",
                "#compdef " + name,
                "# bash's, which zsh can load.",
                "autoload -U +X bashcompinit && bashcompinit",
                "source /usr/share/bash-completion/completions/" + name,
                "_bash_complete -o default -F _complete_" + name,
                "");
    }

    private void file(String name, String text) throws IOException {
        Path file = share.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}

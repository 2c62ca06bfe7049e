package io.ramzswap.cli;

import io.ramzswap.setting.catalogue.DaemonCatalogue;
import io.ramzswap.setting.catalogue.DeviceCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * A program of the build, not of the product: writes the manual pages and the shells' completions from the commands
 * themselves, so that neither can be out of date.
 *
 * <p>A page is prose in man(7) with lines that stand for what a command knows of itself: {@code @options@}, {@code
 * @exit-status@}, for ramzswap.conf(5) those of {@link ManualKeys}, and, anywhere in a line, {@code @version@}.
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
            Map<String, List<String>> generated =
                    Map.of("@options@", sections.options(), "@exit-status@", sections.exitStatus());
            page(
                    name + ".8",
                    prose -> prose.stream()
                            .flatMap(line -> generated.getOrDefault(line, List.of(line)).stream())
                            .toList());
            file("bash-completion/completions/" + name, withoutInterpreter(AutoComplete.bash(name, program)));
            file("zsh/vendor-completions/_" + name, zshCompletion(name));
        }
        page("ramzswap.conf.5", new ManualKeys(DeviceCatalogue.ALL, DaemonCatalogue.ALL)::expand);
    }

    /** It is read by a shell, not run. */
    private static String withoutInterpreter(String script) {
        return script.replaceFirst("^#!.*\\R", "");
    }

    private void page(String name, UnaryOperator<List<String>> expand) throws IOException {
        String version = Version.number();
        List<String> lines = expand.apply(Files.readAllLines(pages.resolve(name))).stream()
                .map(line -> line.replace("@version@", version))
                .toList();
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

package io.ramzswap.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A directory that stands in for "/": /proc and /sys as a test wants them. */
public record Tree(Path root) {
    /** Puts a file there, its directories included. */
    public Tree file(String absolute, String content) throws IOException {
        Path file = root.resolve(absolute.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    /** Puts a file of any bytes there. */
    public Tree file(String absolute, byte[] content) throws IOException {
        file(absolute, "");
        Files.write(root.resolve(absolute.substring(1)), content);
        return this;
    }

    /** Takes all symbolic links away: JUnit warns of those that point out of its directory. */
    public void withoutLinks() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    /** Puts an empty directory there. */
    public Tree directory(String absolute) throws IOException {
        Files.createDirectories(root.resolve(absolute.substring(1)));
        return this;
    }

    /** Puts a symbolic link there, which may lead nowhere. */
    public Tree link(String absolute, String target) throws IOException {
        Path link = root.resolve(absolute.substring(1));
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
        return this;
    }

    /** Takes a file away. */
    public Tree without(String absolute) throws IOException {
        Files.delete(root.resolve(absolute.substring(1)));
        return this;
    }

    /** The option that makes rzscontrol look there. */
    public String option() {
        return "--root=" + root;
    }
}

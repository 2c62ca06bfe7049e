package io.ramzswap.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which files make up the configuration, in the way of systemd: the first {@code ramzswap.conf} of several directories, then
 * every {@code ramzswap.conf.d/*.conf} of all of them in the order of their names, where a file hides those of its name in
 * later directories. Source: systemd.syntax(7), systemd-system.conf(5).
 */
public final class ConfigFiles {
    private static final String NAME = "ramzswap.conf";
    private static final String DROP_INS = ".d";

    private final List<Path> mainFiles;
    private final boolean mainFileRequired;
    private final List<Path> dropInDirectories;

    private ConfigFiles(List<Path> mainFiles, boolean mainFileRequired) {
        this.mainFiles = mainFiles;
        this.mainFileRequired = mainFileRequired;
        this.dropInDirectories = mainFiles.stream()
                .map(file -> file.resolveSibling(file.getFileName() + DROP_INS))
                .toList();
    }

    /** Those of this machine. */
    public static ConfigFiles standard() {
        return under(Path.of("/"));
    }

    static ConfigFiles under(Path root) {
        return new ConfigFiles(
                List.of("etc/ramzswap", "run/ramzswap", "usr/local/lib/ramzswap", "usr/lib/ramzswap").stream()
                        .map(directory -> root.resolve(directory).resolve(NAME))
                        .toList(),
                false);
    }

    /** {@code file}, which has to exist, and the drop-ins in the directory of its name and {@code .d}. */
    public static ConfigFiles at(Path file) {
        return new ConfigFiles(List.of(file.toAbsolutePath().normalize()), true);
    }

    /** The files that are there, in the order in which they are read: a later one has the last word. */
    List<Path> list() throws ConfigException {
        List<Path> files = new ArrayList<>();
        mainFiles.stream()
                .filter(file -> mainFileRequired || Files.exists(file))
                .findFirst()
                .ifPresent(files::add);
        files.addAll(dropIns().values());
        return files;
    }

    /** By name. An empty one, or a link to /dev/null, is there to hide others; a hidden one is an editor's, and none. */
    private Map<String, Path> dropIns() throws ConfigException {
        Map<String, Path> found = new TreeMap<>();
        for (Path directory : dropInDirectories) {
            if (Files.isDirectory(directory)) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "[!.]*.conf")) {
                    files.forEach(file -> found.putIfAbsent(file.getFileName().toString(), file));
                } catch (IOException e) {
                    throw new ConfigException(Origin.of(directory), "cannot be read: " + e.getMessage(), e);
                }
            }
        }
        return found;
    }
}

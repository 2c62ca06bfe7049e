package io.ramzswap.doctor;

import io.ramzswap.host.Host;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The way systemd hibernates. Source: systemd-sleep.conf(5), systemd.unit(5). */
final class SystemdSleep {
    /** From the one that counts least to the one that counts most. */
    private static final List<String> DIRECTORIES =
            List.of("/usr/lib/systemd", "/usr/local/lib/systemd", "/run/systemd", "/etc/systemd");

    private static final List<String> TARGETS =
            List.of("hibernate.target", "hybrid-sleep.target", "suspend-then-hibernate.target");

    private final Host host;

    SystemdSleep(Host host) {
        this.host = host;
    }

    /** Why it refuses, if it does. */
    Optional<String> refusal() {
        if (TARGETS.stream().allMatch(this::isMasked)) {
            return Optional.of("its targets are masked");
        }
        return allowsHibernation() ? Optional.empty() : Optional.of("AllowHibernation=no");
    }

    /** Whether it runs our program first, which swaps off. */
    boolean swapsOffFirst() {
        return DIRECTORIES.stream()
                .anyMatch(directory -> host.exists(directory + "/system/systemd-hibernate.service.d/ramzswap.conf"));
    }

    private boolean isMasked(String unit) {
        return host.link("/etc/systemd/system/" + unit)
                .filter("/dev/null"::equals)
                .isPresent();
    }

    private boolean allowsHibernation() {
        boolean allowed = true;
        for (String file : files()) {
            for (String line : host.lines(file)) {
                String setting = line.replace(" ", "");
                if (setting.startsWith("AllowHibernation=")) {
                    allowed = !List.of("no", "false", "off", "0", "n", "f")
                            .contains(setting.substring(setting.indexOf('=') + 1));
                }
            }
        }
        return allowed;
    }

    /** The main file, then drop-ins by name; one in a later directory hides those of its name. */
    private Iterable<String> files() {
        Map<String, String> files = new TreeMap<>();
        for (String directory : DIRECTORIES) {
            if (host.exists(directory + "/sleep.conf")) {
                files.put("", directory + "/sleep.conf");
            }
            String dropIns = directory + "/sleep.conf.d";
            host.names(dropIns, "*.conf").forEach(name -> files.put(name, dropIns + "/" + name));
        }
        return files.values();
    }
}

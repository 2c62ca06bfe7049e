package io.ramzswap.config;

import io.ramzswap.config.ConfigReader.Entry;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.CpuLatencySetting;
import io.ramzswap.process.HibernationMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What is set for the daemon as a whole, in the sections {@code [daemon]} of all files. */
final class DaemonSection {
    static final String NAME = "daemon";
    static final String NOTIFY = "notify";
    static final String CPU_LATENCY = "cpu-latency";
    static final String HIBERNATION = "hibernation";

    private static final List<String> KEYS = List.of(NOTIFY, CPU_LATENCY, HIBERNATION);

    private final Map<String, Entry> entries = new HashMap<>();

    /** Adds what a file says; the last one counts. */
    void add(Map<String, Entry> later) throws ConfigException {
        for (Map.Entry<String, Entry> entry : later.entrySet()) {
            if (!KEYS.contains(entry.getKey())) {
                throw new ConfigException(
                        entry.getValue().origin(),
                        "'" + entry.getKey() + "' is no key of [" + NAME + "]; there are " + String.join(", ", KEYS));
            }
            entries.put(entry.getKey(), entry.getValue());
        }
    }

    DaemonSettings settings() throws ConfigException {
        return new DaemonSettings(
                value(NOTIFY, NotifyMode::parse),
                value(CPU_LATENCY, CpuLatencySetting::parse),
                value(HIBERNATION, HibernationMode::parse));
    }

    private <T> Optional<T> value(String key, Function<String, T> parse) throws ConfigException {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(entry.value()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(entry.origin(), key + " takes " + e.getMessage(), e);
        }
    }
}

package io.ramzswap.config;

import io.ramzswap.config.ConfigReader.Entry;
import io.ramzswap.notify.NotifyMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is set for the daemon as a whole, in the sections {@code [daemon]} of all files. */
final class DaemonSection {
    static final String NAME = "daemon";

    private static final String NOTIFY = "notify";

    private final Map<String, Entry> entries = new HashMap<>();

    /** Adds what a file says; the last one counts. */
    void add(Map<String, Entry> later) throws ConfigException {
        for (Map.Entry<String, Entry> entry : later.entrySet()) {
            if (!entry.getKey().equals(NOTIFY)) {
                throw new ConfigException(
                        entry.getValue().origin(),
                        "'" + entry.getKey() + "' is no key of [" + NAME + "]; there is " + NOTIFY);
            }
            entries.put(entry.getKey(), entry.getValue());
        }
    }

    Optional<NotifyMode> notifyMode() throws ConfigException {
        Entry entry = entries.get(NOTIFY);
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(NotifyMode.parse(entry.value()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(entry.origin(), NOTIFY + " takes " + e.getMessage(), e);
        }
    }
}

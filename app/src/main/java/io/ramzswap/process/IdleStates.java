package io.ramzswap.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The states in which Linux lets processors of this machine idle; those of the first stand for all. Source:
 * Documentation/admin-guide/pm/cpuidle.rst, Documentation/virt/guest-halt-polling.rst.
 */
public final class IdleStates {
    /** Of virtual machines: the one state beside polling is to have the host take the processor away. */
    private static final String HALTPOLL = "haltpoll";

    private static final String NO_DRIVER = "none";

    private final Path processors;

    /** Of this machine. */
    public IdleStates() {
        this(Path.of("/sys/devices/system/cpu"));
    }

    /** Of a machine that has {@code processors} in the place of /sys/devices/system/cpu. */
    public IdleStates(Path processors) {
        this.processors = processors;
    }

    /**
     * How many microseconds processors should take to wake at most while requests follow one another closely. A real
     * processor's first state takes hardly longer than to look for work all the time, and far less power; a virtual one that
     * halts is woken by its host, which takes longer than a page.
     *
     * @return empty where the kernel has no choice of states, so that nothing would come of it
     */
    public OptionalInt latencyWorthAsking() throws IOException {
        Path driver = processors.resolve("cpuidle/current_driver");
        String name = Files.exists(driver) ? Files.readString(driver).strip() : NO_DRIVER;
        if (name.equals(HALTPOLL)) {
            return OptionalInt.of(0);
        }
        NavigableSet<Integer> latencies = name.equals(NO_DRIVER) ? new TreeSet<>() : latenciesBeyondPolling();
        return latencies.size() > 1 ? OptionalInt.of(latencies.first()) : OptionalInt.empty();
    }

    private NavigableSet<Integer> latenciesBeyondPolling() throws IOException {
        NavigableSet<Integer> latencies = new TreeSet<>();
        try (DirectoryStream<Path> states = Files.newDirectoryStream(processors.resolve("cpu0/cpuidle"), "state*")) {
            for (Path state : states) {
                int micros = Integer.parseInt(
                        Files.readString(state.resolve("latency")).strip());
                if (micros > 0) {
                    latencies.add(micros);
                }
            }
        }
        return latencies;
    }
}

package io.ramzswap.host;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The states in which Linux lets processors of this machine idle; those of the first stand for all. Source:
 * Documentation/admin-guide/pm/cpuidle.rst, Documentation/virt/guest-halt-polling.rst.
 *
 * @param host whose
 */
public record IdleStates(Host host) {
    private static final String DRIVER = "/sys/devices/system/cpu/cpuidle/current_driver";
    private static final String STATES = "/sys/devices/system/cpu/cpu0/cpuidle";

    /** Of virtual machines: the one state beside polling is to have the host take the processor away. */
    private static final String HALTPOLL = "haltpoll";

    private static final String NO_DRIVER = "none";

    /**
     * How many microseconds processors should take to wake at most while requests follow one another closely. A real
     * processor's first state takes hardly longer than to look for work all the time, and far less power; a virtual one that
     * halts is woken by its host, which takes longer than a page.
     *
     * @return empty where the kernel has no choice of states, so that nothing would come of it
     */
    public OptionalInt latencyWorthAsking() {
        return switch (host.line(DRIVER).orElse(NO_DRIVER)) {
            case NO_DRIVER -> OptionalInt.empty();
            case HALTPOLL -> OptionalInt.of(0);
            default -> leastOfSeveralBeyondPolling();
        };
    }

    private OptionalInt leastOfSeveralBeyondPolling() {
        long[] micros = host.names(STATES, "state*").stream()
                .map(state -> host.number(STATES + "/" + state + "/latency"))
                .flatMapToLong(OptionalLong::stream)
                .filter(latency -> latency > 0)
                .sorted()
                .distinct()
                .toArray();
        return micros.length > 1 ? OptionalInt.of((int) micros[0]) : OptionalInt.empty();
    }
}

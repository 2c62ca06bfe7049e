package io.ramzswap.process;

import java.util.List;
import java.util.stream.Stream;

/**
 * The protection of the process.
 *
 * @param memoryLock no page of it is swapped out
 * @param ioFlusher its allocations do not wait for I/O
 * @param oomScore the out-of-memory killer passes it by
 * @param realTime its answers to the kernel get memory when nobody else does
 * @param cgroup no control group kills it or makes it wait for what it holds
 * @param signals no stray signal ends or stops it
 * @param cpuTime no limit of processor time ends it
 * @param session it does not live in a user's session, which matters to devices of the kernel alone
 */
public record ProcessGuards(
        Guard memoryLock,
        Guard ioFlusher,
        Guard oomScore,
        Guard realTime,
        Guard cgroup,
        Guard signals,
        Guard cpuTime,
        Guard session) {
    /** The missing protection, whatever is served, one line each. */
    public List<String> problems() {
        return problems(memoryLock, ioFlusher, oomScore, realTime, cgroup, signals, cpuTime);
    }

    /**
     * The reasons not to serve the kernel's swap, one line each. Without either of these two the machine can stop
     * for good; the others are a matter of luck.
     */
    public List<String> obstaclesToSwap() {
        return problems(memoryLock, ioFlusher);
    }

    private static List<String> problems(Guard... guards) {
        return Stream.of(guards)
                .filter(guard -> !guard.held())
                .map(Guard::problem)
                .toList();
    }
}

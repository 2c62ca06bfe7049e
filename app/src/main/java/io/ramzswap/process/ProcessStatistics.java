package io.ramzswap.process;

/**
 * The daemon as a process, at one moment.
 *
 * @param ownBytes resident memory beside the store: heap, code, stacks, libraries
 * @param lockedBytes resident memory that is never swapped out, the store's included
 * @param unlockedBytes resident memory that may be swapped out; 0 while memory is locked
 * @param swappedBytes memory of the daemon's that is swapped out
 * @param threads threads of the process, the JVM's own included
 * @param ioFlusherThreads those among them that never wait for a write of their own (PR_SET_IO_FLUSHER)
 * @param realTimeThreads those among them that run at a real-time priority
 * @param oomScoreAdj from -1000, never chosen by the out-of-memory killer, to 1000
 * @param cgroup what the control group grants it
 * @param cpuLatency what it asks for while requests follow one another closely
 * @param controlGroup the name of its control group, as /system.slice/ramzswap.service
 */
public record ProcessStatistics(
        long ownBytes,
        long lockedBytes,
        long unlockedBytes,
        long swappedBytes,
        int threads,
        int ioFlusherThreads,
        int realTimeThreads,
        int oomScoreAdj,
        MemoryCgroup cgroup,
        CpuLatencyStatistics cpuLatency,
        String controlGroup) {
    /** A daemon that was started before an upgrade says nothing of the last two. */
    public ProcessStatistics {
        cpuLatency = cpuLatency == null ? CpuLatencyStatistics.NONE : cpuLatency;
        controlGroup = controlGroup == null ? "/" : controlGroup;
    }

    /** The same with other figures of what it asks for. */
    public ProcessStatistics withCpuLatency(CpuLatencyStatistics other) {
        return new ProcessStatistics(
                ownBytes,
                lockedBytes,
                unlockedBytes,
                swappedBytes,
                threads,
                ioFlusherThreads,
                realTimeThreads,
                oomScoreAdj,
                cgroup,
                other,
                controlGroup);
    }
}

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
        MemoryCgroup cgroup) {}

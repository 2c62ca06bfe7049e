package io.ramzswap.metrics;

import io.ramzswap.process.ProcessStatistics;
import java.util.function.ToDoubleFunction;

/** What is told of the daemon as a process. */
enum DaemonMetric {
    RESIDENT("resident_bytes", "Resident memory beside the store.", ProcessStatistics::ownBytes),
    LOCKED("locked_bytes", "Resident memory that is never swapped out.", ProcessStatistics::lockedBytes),
    UNLOCKED("unlocked_bytes", "Resident memory that may be swapped out.", ProcessStatistics::unlockedBytes),
    SWAPPED("swapped_bytes", "Memory of the daemon's that is swapped out.", ProcessStatistics::swappedBytes),
    THREADS("threads", "Threads, those of the JVM included.", ProcessStatistics::threads),
    IO_FLUSHER("io_flusher_threads", "Threads under PR_SET_IO_FLUSHER.", ProcessStatistics::ioFlusherThreads),
    REAL_TIME("real_time_threads", "Threads at a real-time priority.", ProcessStatistics::realTimeThreads),
    OOM_SCORE(
            "oom_score_adjustment",
            "From -1000, never chosen by the out-of-memory killer, to 1000.",
            ProcessStatistics::oomScoreAdj),
    CPU_LATENCY_REQUESTS(
            "cpu_latency_requests_total",
            "Times that idle processors were asked to wake quickly.",
            process -> process.cpuLatency().asked());

    private static final String TOTAL = "_total";

    private final String name;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final ToDoubleFunction<ProcessStatistics> value;

    DaemonMetric(String name, String help, ToDoubleFunction<ProcessStatistics> value) {
        this.name = name;
        this.help = help;
        this.value = value;
    }

    /** As the library wants it: it adds the ending of counters. */
    String baseName() {
        return "ramzswap_daemon_" + (isCounter() ? name.substring(0, name.length() - TOTAL.length()) : name);
    }

    boolean isCounter() {
        return name.endsWith(TOTAL);
    }

    String help() {
        return help;
    }

    double value(ProcessStatistics process) {
        return value.applyAsDouble(process);
    }
}

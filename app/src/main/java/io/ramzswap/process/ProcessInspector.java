package io.ramzswap.process;

import io.ramzswap.host.ControlGroups;
import io.ramzswap.host.Host;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Sees what the kernel says of this process: whether its guards are there, thread by thread, and what it takes. Source:
 * proc_pid_stat(5), proc_pid_status(5), proc_pid_smaps(5).
 */
public final class ProcessInspector {
    /** PF_MEMALLOC_NOIO and PF_LOCAL_THROTTLE, which PR_SET_IO_FLUSHER sets together: Linux include/linux/sched.h. */
    private static final long IO_FLUSHER_FLAGS = 0x0008_0000L | 0x0010_0000L;

    /** Counted from the state, which follows the thread's name in parentheses. */
    private static final int FLAGS_FIELD = 6;

    private static final int POLICY_FIELD = 38;
    private static final String SCHED_FIFO = "1";
    private static final String SCHED_RR = "2";

    private static final String PROCESS = "/proc/self";

    private final Path process;
    private final ControlGroups groups;

    /** Inspects this process. */
    public ProcessInspector() {
        this(Host.running());
    }

    ProcessInspector(Host host) {
        this.process = host.path(PROCESS);
        this.groups = new ControlGroups(host, PROCESS);
    }

    /** Whether the control group lets the daemon have the memory of its devices. */
    public Guard cgroupGuard() {
        return MemoryCgroup.of(groups).guard();
    }

    /** Whether the daemon lives apart from its user's session. */
    public Guard sessionGuard() {
        return Session.guard(groups.name());
    }

    /** Looks now; what the process asks for is not to be seen there. Takes some milliseconds: the kernel counts every page. */
    public ProcessStatistics statistics() throws IOException {
        LockedMappings mappings = LockedMappings.of(process.resolve("smaps"));
        List<String> status = Files.readAllLines(process.resolve("status"));
        int threads = 0;
        int flushers = 0;
        int realTime = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path task : tasks) {
                String[] fields = fields(task);
                threads += fields.length == 0 ? 0 : 1;
                flushers += fields.length > 0 && isIoFlusher(fields) ? 1 : 0;
                realTime += fields.length > 0 && isRealTime(fields) ? 1 : 0;
            }
        }
        return new ProcessStatistics(
                bytes(status, "VmRSS:") - bytes(status, "RssShmem:"),
                mappings.lockedBytes(),
                mappings.unlockedBytes(),
                bytes(status, "VmSwap:"),
                threads,
                flushers,
                realTime,
                Integer.parseInt(
                        Files.readString(process.resolve("oom_score_adj")).strip()),
                MemoryCgroup.of(groups),
                CpuLatencyStatistics.NONE,
                groups.name());
    }

    /** The fields of a thread's line from its state on; none if it has ended meanwhile. */
    private static String[] fields(Path task) throws IOException {
        try {
            String line = Files.readString(task.resolve("stat"));
            return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        } catch (NoSuchFileException e) {
            return new String[0];
        } catch (IOException e) {
            // ESRCH: it ended between the opening and the reading.
            if (Files.exists(task)) {
                throw e;
            }
            return new String[0];
        }
    }

    private static boolean isIoFlusher(String[] fields) {
        return (Long.parseLong(fields[FLAGS_FIELD]) & IO_FLUSHER_FLAGS) == IO_FLUSHER_FLAGS;
    }

    private static boolean isRealTime(String[] fields) {
        return fields[POLICY_FIELD].equals(SCHED_FIFO) || fields[POLICY_FIELD].equals(SCHED_RR);
    }

    private static long bytes(List<String> lines, String label) {
        return lines.stream()
                .filter(line -> line.startsWith(label))
                .mapToLong(SizeLine::bytes)
                .sum();
    }
}

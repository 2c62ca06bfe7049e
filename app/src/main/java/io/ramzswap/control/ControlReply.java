package io.ramzswap.control;

import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.process.ProcessStatistics;
import io.ramzswap.refusal.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * What came of a request.
 *
 * @param warnings lines for the user, whether or not it was carried out
 * @param statistics after {@link Operation#STATS}
 * @param swap after it, too, for a device of the kernel's
 * @param process after {@link Operation#PROCESS}
 * @param devices after {@link Operation#LIST}
 * @param failure why it was not carried out
 */
public record ControlReply(
        List<String> warnings,
        Optional<DeviceStatistics> statistics,
        Optional<SwapStatistics> swap,
        Optional<ProcessStatistics> process,
        Optional<List<DeviceReport>> devices,
        Optional<Failure> failure) {
    /**
     * A refusal.
     *
     * @param code for programs
     * @param message for people, in one line: what was wanted, what happened, what to do
     */
    public record Failure(Refusal code, String message) {}

    /** It was done. */
    public static ControlReply done(List<String> warnings) {
        return new ControlReply(
                List.copyOf(warnings),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The statistics asked for. */
    public static ControlReply of(DeviceStatistics statistics, Optional<SwapStatistics> swap) {
        return new ControlReply(
                List.of(), Optional.of(statistics), swap, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** How the daemon is. */
    public static ControlReply of(ProcessStatistics process) {
        return new ControlReply(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(process),
                Optional.empty(),
                Optional.empty());
    }

    /** The devices there are. */
    public static ControlReply of(List<DeviceReport> devices) {
        return new ControlReply(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(List.copyOf(devices)),
                Optional.empty());
    }

    /** It was not done. */
    public static ControlReply failed(Refusal code, String message) {
        return new ControlReply(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Failure(code, message)));
    }
}

package io.ramzswap.cli;

import io.ramzswap.control.ControlClient;
import io.ramzswap.control.ControlReply;
import io.ramzswap.control.ControlRequest;
import io.ramzswap.control.Operation;
import io.ramzswap.device.DeviceReport;
import io.ramzswap.device.DeviceStatistics;
import io.ramzswap.notify.SwapStatistics;
import io.ramzswap.process.ProcessStatistics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A conversation with the daemon: whatever goes wrong in it is a {@link FailureException}. */
final class DaemonLink {
    private final ControlClient client;
    private final PrintWriter warnings;

    /** What is done while the daemon listens. */
    @FunctionalInterface
    interface Use<T> {
        T with(DaemonLink daemon) throws IOException, FailureException;
    }

    private DaemonLink(ControlClient client, PrintWriter warnings) {
        this.client = client;
        this.warnings = warnings;
    }

    /** Connects, talks, hangs up. The daemon's warnings go to {@code warnings}. */
    static <T> T open(Path control, PrintWriter warnings, Use<T> use) throws FailureException {
        return Conversation.hold(control, client -> use.with(new DaemonLink(client, warnings)));
    }

    /** Has one request carried out. */
    ControlReply call(ControlRequest request) throws IOException, FailureException {
        ControlReply reply = client.call(request);
        for (String warning : reply.warnings()) {
            warnings.println("rzscontrol: warning: " + warning);
        }
        if (reply.failure().isPresent()) {
            ControlReply.Failure failure = reply.failure().get();
            throw new FailureException(failure.code().exitStatus(), failure.message());
        }
        return reply;
    }

    /** All devices that are initialised. */
    List<DeviceReport> devices() throws IOException, FailureException {
        return call(ControlRequest.of(Operation.LIST)).devices().orElseThrow();
    }

    /** The figures of one device. */
    DeviceStatistics statistics(String device) throws IOException, FailureException {
        return call(ControlRequest.of(Operation.STATS, device)).statistics().orElseThrow();
    }

    /** What the kernel says of one device, if it is one of the kernel's. */
    Optional<SwapStatistics> swap(String device) throws IOException, FailureException {
        return call(ControlRequest.of(Operation.STATS, device)).swap();
    }

    /** How the daemon is. */
    ProcessStatistics process() throws IOException, FailureException {
        return call(ControlRequest.of(Operation.PROCESS)).process().orElseThrow();
    }
}

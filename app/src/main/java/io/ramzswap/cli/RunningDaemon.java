package io.ramzswap.cli;

import io.ramzswap.control.ControlClient;
import io.ramzswap.control.ControlReply;
import io.ramzswap.control.ControlRequest;
import io.ramzswap.control.Operation;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.swap.MemoryUse;
import io.ramzswap.swap.SwapAreas;
import io.ramzswap.swap.SwapTakedown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The daemon at the other end of a control socket. */
final class RunningDaemon {
    /** What is said of another's device: of a whole one, and of a part of one, which no device of ours has. */
    private static final Set<Refusal> ANOTHERS = EnumSet.of(Refusal.NOT_INITIALISED, Refusal.NO_DEVICE);

    private final Path control;

    RunningDaemon(Path control) {
        this.control = control;
    }

    /** Has it read its configuration again. Answers what it has to say about that. */
    List<String> reload() throws FailureException {
        return Conversation.hold(control, daemon -> {
            ControlReply reply = daemon.call(ControlRequest.of(Operation.RELOAD));
            if (reply.failure().isPresent()) {
                throw new OperationException(
                        reply.failure().get().code(), reply.failure().get().message());
            }
            return reply.warnings();
        });
    }

    /** Takes all of its swap down. Answers the devices that were swap. */
    List<String> swapOff(MemoryUse memory, SwapAreas areas, Runnable progress) throws FailureException {
        return Conversation.hold(
                control, daemon -> new SwapTakedown(memory, areas, progress).run(device -> isServed(daemon, device)));
    }

    /** Whether it answers. */
    boolean answers() {
        try {
            return Conversation.hold(
                    control,
                    daemon -> daemon.call(ControlRequest.of(Operation.PROCESS))
                            .failure()
                            .isEmpty());
        } catch (FailureException e) {
            return false;
        }
    }

    private static boolean isServed(ControlClient daemon, String device) {
        try {
            ControlReply reply = daemon.call(ControlRequest.of(Operation.STATS, device));
            return reply.failure()
                    .map(ControlReply.Failure::code)
                    .filter(ANOTHERS::contains)
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

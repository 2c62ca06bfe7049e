package io.ramzswap.cli;

import io.ramzswap.daemon.Daemon;
import io.ramzswap.daemon.DaemonOptions;
import io.ramzswap.process.AvailableMemory;
import io.ramzswap.refusal.OperationException;
import java.nio.file.Path;

/** What a daemon runs on. An interface, so that tests can start one without changing their own process. */
interface DaemonHost {
    /** The memory that a percentage refers to. */
    long ramBytes();

    /** The memory that this process could take now. */
    AvailableMemory availableMemory();

    /**
     * Whether a daemon of this service serves already, at {@code control}: it was told to stop and could not. Then the service
     * manager has been told that it is this one.
     */
    boolean isServed(Path control);

    /**
     * Makes this process fit to serve, and a daemon that is ready to start and told of signals.
     *
     * @param connections between the kernel and a device
     * @throws OperationException if something is missing without which no daemon can run
     */
    Daemon prepare(DaemonOptions options, int connections) throws OperationException, InterruptedException;
}

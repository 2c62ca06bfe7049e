package io.ramzswap.cli;

import io.ramzswap.attach.OperationException;
import io.ramzswap.daemon.Daemon;
import io.ramzswap.daemon.DaemonOptions;

/** What a daemon runs on. An interface, so that tests can start one without changing their own process. */
interface DaemonHost {
    /** The memory that a percentage refers to. */
    long ramBytes();

    /**
     * Makes this process fit to serve, and a daemon that is ready to start and told of signals.
     *
     * @param connections between the kernel and a device
     * @throws OperationException if something is missing without which no daemon can run
     */
    Daemon prepare(DaemonOptions options, int connections) throws OperationException, InterruptedException;
}

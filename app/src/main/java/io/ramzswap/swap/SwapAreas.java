package io.ramzswap.swap;

import io.ramzswap.config.DeviceConfig;
import io.ramzswap.refusal.OperationException;

/** Makes devices swap and takes them back. An interface, so that tests need no kernel. Thread-safe. */
public interface SwapAreas {
    /**
     * Makes an initialised device swap, unless it is.
     *
     * @throws OperationException if that failed, and why
     */
    void on(DeviceConfig device) throws OperationException;

    /**
     * Has everything on {@code device} read back into memory, after which it is no swap any more. As long as there is
     * something to read.
     *
     * @throws OperationException if that failed, and why; then it still is swap
     */
    void off(String device) throws OperationException;
}

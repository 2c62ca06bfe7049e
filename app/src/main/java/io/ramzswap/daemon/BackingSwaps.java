package io.ramzswap.daemon;

import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.BackingSwapException;
import io.ramzswap.backing.BackingSwapOpener;
import io.ramzswap.refusal.OperationException;
import java.nio.file.Path;

/** Opens backing swaps for devices. */
final class BackingSwaps {
    private BackingSwaps() {}

    /**
     * Opens one whose size a device can have.
     *
     * @throws OperationException if it cannot be used, and why; nothing is left behind
     */
    static BackingSwap open(String deviceName, Path path, BackingOptions options) throws OperationException {
        BackingSwap swap = openAny(deviceName, path, options);
        try {
            SettingsPolicy.checkDiskSize(swap.sizeBytes());
            return swap;
        } catch (OperationException e) {
            swap.close();
            throw new OperationException(
                    e.code(), notInitialised(deviceName) + path + " does not do: " + e.getMessage(), e);
        }
    }

    private static BackingSwap openAny(String deviceName, Path path, BackingOptions options) throws OperationException {
        try {
            return BackingSwapOpener.open(path, options);
        } catch (BackingSwapException e) {
            throw new OperationException(e.refusal(), notInitialised(deviceName) + e.getMessage(), e);
        }
    }

    private static String notInitialised(String deviceName) {
        return deviceName + " was not initialised: backing_swap: ";
    }
}

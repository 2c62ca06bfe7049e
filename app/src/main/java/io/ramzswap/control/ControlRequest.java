package io.ramzswap.control;

import java.util.OptionalLong;

/**
 * An operation on a device.
 *
 * @param device as the user named it
 * @param bytes the size that goes with the operation, if one does
 */
public record ControlRequest(Operation operation, String device, OptionalLong bytes) {
    /** An operation without a size. */
    public static ControlRequest of(Operation operation, String device) {
        return new ControlRequest(operation, device, OptionalLong.empty());
    }

    /** An operation with a size. */
    public static ControlRequest of(Operation operation, String device, long bytes) {
        return new ControlRequest(operation, device, OptionalLong.of(bytes));
    }
}

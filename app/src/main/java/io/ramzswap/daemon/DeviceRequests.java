package io.ramzswap.daemon;

import io.ramzswap.backing.BackingOptions;
import io.ramzswap.control.ControlRequest;
import io.ramzswap.control.Operation;
import java.util.Optional;

/** Makes a request to a device of what came over the control socket. */
final class DeviceRequests {
    private DeviceRequests() {}

    /** The request of one operation, or of several together. */
    static DeviceRequest of(ControlRequest request) {
        return request.operation() == Operation.TOGETHER
                ? request.parts().stream()
                        .map(DeviceRequests::of)
                        .reduce(DeviceRequest.of(RequestedSettings.NONE), DeviceRequest::and)
                : new DeviceRequest(
                        settings(request),
                        request.operation() == Operation.INIT,
                        request.order(),
                        request.operation() == Operation.RESET);
    }

    private static RequestedSettings settings(ControlRequest request) {
        return switch (request.operation()) {
            case SET_DISK_SIZE -> RequestedSettings.ofDiskSize(request.bytes().getAsLong());
            case SET_MEM_LIMIT -> RequestedSettings.ofMemLimit(request.bytes().getAsLong());
            case SET_BACKING_SWAP ->
                RequestedSettings.ofBacking(
                        request.path().orElseThrow(), request.backing().orElse(BackingOptions.DEFAULT));
            case SET_WRITE_BACK_BUDGET ->
                RequestedSettings.ofWriteBackLimit(request.bytes().getAsLong());
            case SET_ALLOCATOR -> RequestedSettings.ofKinds(request.allocator(), Optional.empty());
            case SET_COMPRESSOR -> RequestedSettings.ofKinds(Optional.empty(), request.compressor());
            default -> RequestedSettings.NONE;
        };
    }
}

package io.ramzswap.daemon;

import io.ramzswap.control.ControlRequest;
import io.ramzswap.control.Operation;

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
                        new RequestedSettings(request.values()),
                        request.operation() == Operation.INIT,
                        request.order(),
                        request.operation() == Operation.RESET);
    }
}

package io.ramzswap.daemon;

import io.ramzswap.writeback.WriteBackOrder;
import java.util.Optional;

/**
 * What is asked of a device at once, in this order: all of it is done, or nothing.
 *
 * @param settings take effect at once, as far as a device in use can change them, and at the next init
 * @param init whether it is made ready for use
 * @param writeBack which pages are moved to the backing swap, if any are
 * @param reset whether it is taken down
 */
public record DeviceRequest(
        RequestedSettings settings, boolean init, Optional<WriteBackOrder> writeBack, boolean reset) {
    /** Settings alone. */
    static DeviceRequest of(RequestedSettings settings) {
        return new DeviceRequest(settings, false, Optional.empty(), false);
    }

    /** This, and {@code later}, which wins where both set the same. */
    DeviceRequest and(DeviceRequest later) {
        return new DeviceRequest(
                later.settings.over(settings),
                init || later.init,
                later.writeBack.or(() -> writeBack),
                reset || later.reset);
    }
}

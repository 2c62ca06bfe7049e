package io.ramzswap.swap;

import io.ramzswap.config.DeviceConfig;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.util.ArrayList;
import java.util.List;

/** Swap areas that hold nothing; a test says which cannot be had. */
public final class FakeSwapAreas implements SwapAreas {
    private final List<String> on = new ArrayList<>();
    private String refused = "";
    private String kept = "";

    /** The device that does not become swap, or stays it. */
    public FakeSwapAreas refusing(String device) {
        refused = device;
        return this;
    }

    /** The device that becomes swap, and stays it. */
    public FakeSwapAreas keeping(String device) {
        kept = device;
        return this;
    }

    /** Which are swap, in the order in which they became it. */
    public List<String> on() {
        return on;
    }

    @Override
    public void on(DeviceConfig device) throws OperationException {
        refuse(device.device(), refused, "swapon ");
        on.add(device.device());
    }

    @Override
    public void off(String device) throws OperationException {
        refuse(device, refused, "swapoff ");
        refuse(device, kept, "swapoff ");
        on.remove(device);
    }

    private static void refuse(String device, String which, String what) throws OperationException {
        if (device.equals(which)) {
            throw new OperationException(Refusal.INTERNAL, what + device + " failed: the test says so");
        }
    }
}

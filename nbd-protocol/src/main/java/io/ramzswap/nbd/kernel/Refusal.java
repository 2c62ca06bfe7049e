package io.ramzswap.nbd.kernel;

import io.ramzswap.nbd.kernel.KernelException.Reason;

/** Words for refusals that both ways know. */
final class Refusal {
    private Refusal() {}

    static KernelException noDriver() {
        return new KernelException(
                Reason.NO_DRIVER,
                "the kernel's nbd driver is not loaded: run 'modprobe nbd max_part=0' as root, or install the kernel's extra modules");
    }

    static KernelException notPermitted(String what, KernelDevice device) {
        return new KernelException(
                Reason.NOT_PERMITTED,
                "may not " + what + " " + device + ": that needs root or the capability CAP_SYS_ADMIN");
    }

    static KernelException attached(KernelDevice device) {
        final String by = device.attacherPid().map(pid -> " by process " + pid).orElse("");
        return new KernelException(
                Reason.BUSY, device + " is attached already" + by + "; choose another device or detach it first");
    }
}

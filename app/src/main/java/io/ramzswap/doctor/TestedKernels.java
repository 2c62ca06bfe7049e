package io.ramzswap.doctor;

/** The kernels that {@code scripts/test} swaps with. The newest is the one that scripts/vm.d/kernel.sh names. */
final class TestedKernels {
    static final KernelVersion OLDEST = new KernelVersion(6, 1);
    static final KernelVersion NEWEST = new KernelVersion(7, 3);

    private TestedKernels() {}
}

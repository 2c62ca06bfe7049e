package io.ramzswap.device;

/**
 * A device that is initialised: what it is, and how it does.
 *
 * @param name as {@code /dev/nbd0}
 * @param allocator the name of what cuts up its memory
 * @param compressor the name of what makes its pages smaller
 * @param statistics a snapshot
 */
public record DeviceReport(String name, String allocator, String compressor, DeviceStatistics statistics) {}

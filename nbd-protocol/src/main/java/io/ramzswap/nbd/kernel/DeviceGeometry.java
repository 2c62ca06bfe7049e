package io.ramzswap.nbd.kernel;

/**
 * What the kernel is told about a device.
 *
 * @param sizeBytes a multiple of the block size
 * @param blockSizeBytes logical block size
 * @param transmissionFlags what the server can do
 */
record DeviceGeometry(long sizeBytes, int blockSizeBytes, int transmissionFlags) {}

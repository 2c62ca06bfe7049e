package io.ramzswap.nbd.kernel;

/**
 * The geometry of a device, as given to the kernel.
 *
 * @param sizeBytes a multiple of the block size
 * @param blockSizeBytes logical block size
 * @param transmissionFlags what the server can do
 */
record DeviceGeometry(long sizeBytes, int blockSizeBytes, int transmissionFlags) {}

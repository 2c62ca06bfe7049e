package io.ramzswap.host;

/**
 * A line of /proc/swaps.
 *
 * @param path of the device or file
 * @param sizeBytes how much fits
 * @param usedBytes how much of it the kernel has handed out
 * @param priority the higher one is filled first
 */
public record SwapArea(String path, long sizeBytes, long usedBytes, int priority) {}

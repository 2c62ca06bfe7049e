/**
 * The device: a page table, its counters, and the sessions that read and write it.
 *
 * <p>Hot: everything reached from {@link io.ramzswap.device.DeviceSession}. No allocation, no exception in normal use, no
 * logging, no lock that a thread holds while it may block.
 */
package io.ramzswap.device;

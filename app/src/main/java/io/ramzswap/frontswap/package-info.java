/**
 * Frontswap: offers a page to backends in order. The rules are those of the kernel's frontswap (2012): a page that a
 * backend accepted is always found again, and storing over an old page replaces it or fails and drops it, never leaving
 * stale data behind. What no backend takes is the device's to send to its backing swap: unlike a backend's memory, a place
 * there cannot be written before the slot is claimed.
 *
 * <p>Hot: no allocation, no exception in normal use, no logging.
 */
package io.ramzswap.frontswap;

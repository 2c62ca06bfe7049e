/**
 * Frees pages when the kernel frees their swap slots. zram is told so by the kernel (swap_slot_free_notify); a block
 * device outside the kernel is not. But root may watch the kernel's own function that frees slots, on a stock kernel,
 * through the tracing file system alone.
 *
 * <p>Hot: everything from {@link io.ramzswap.notify.SlotFreeEvents} down. No allocation, no exception, no logging. None
 * of it runs on a thread that serves requests.
 */
package io.ramzswap.notify;

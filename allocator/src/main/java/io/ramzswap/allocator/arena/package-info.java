/**
 * The memory a pool lives in: one shared mapping, reserved whole, populated and returned piece by piece.
 *
 * <p>Hot: nothing that {@link io.ramzswap.allocator.arena.Arena} does for an allocating thread allocates on the heap,
 * makes a system call that brings in memory, or waits for a lock.
 */
package io.ramzswap.allocator.arena;

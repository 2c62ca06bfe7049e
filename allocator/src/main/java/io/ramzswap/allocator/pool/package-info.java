/**
 * The parts that all allocators share: their place in an arena, objects that take a whole frame, and the lock for sections of
 * a few hundred nanoseconds that never block. Hot.
 */
package io.ramzswap.allocator.pool;

/** The parts that all allocators share: their place in an arena, and objects that take a whole frame. Hot. */
package io.ramzswap.allocator.pool;

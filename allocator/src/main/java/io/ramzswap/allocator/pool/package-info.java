/** What the allocators have in common: their place in an arena, and objects that take a whole frame. Hot. */
package io.ramzswap.allocator.pool;

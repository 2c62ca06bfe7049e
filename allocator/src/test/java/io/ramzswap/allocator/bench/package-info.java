/** Measures the allocators; started by {@code scripts/bench allocators}, never shipped. */
package io.ramzswap.allocator.bench;

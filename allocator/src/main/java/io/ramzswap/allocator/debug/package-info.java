/** Finds misuse of an allocator. For tests: slow, and allocates on the heap. */
package io.ramzswap.allocator.debug;

/** Allocators: how a pool of compressed pages cuts up its arena. Hot: nothing here allocates on the heap. */
package io.ramzswap.allocator;

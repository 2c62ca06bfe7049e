/**
 * Regions of memory cut into blocks that merge with their neighbours, found through free lists by size; and the two allocators
 * on that engine: {@code xvmalloc}, that of the 2009 driver, and {@code segment}, exact fit in segments of 64 KiB with
 * compaction. Hot.
 */
package io.ramzswap.allocator.block;

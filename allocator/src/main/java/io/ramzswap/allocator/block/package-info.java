/**
 * Regions of memory cut into blocks that merge with their neighbours, found through free lists by size: the engine of
 * {@code xvmalloc} and {@code segment}, of no use to others. Hot.
 */
package io.ramzswap.allocator.block;

/** Exact fit in segments of 64 KiB, with compaction. Hot. */
package io.ramzswap.allocator.segment;

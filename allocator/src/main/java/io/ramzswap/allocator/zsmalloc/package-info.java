/** Size classes over spans of frames, with compaction, after the kernel's zsmalloc. Hot. */
package io.ramzswap.allocator.zsmalloc;

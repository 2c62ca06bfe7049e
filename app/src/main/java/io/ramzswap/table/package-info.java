/**
 * The page table: one 64-bit word a slot, off heap.
 *
 * <p>Hot: no allocation, no exception, no logging. A slot's lock is held for the copy of one page at most, and only by
 * threads that do not block meanwhile; a slot whose page is being written to disk is marked as in flight instead.
 */
package io.ramzswap.table;

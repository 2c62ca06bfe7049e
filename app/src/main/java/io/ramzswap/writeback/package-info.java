/**
 * Write-back: what moves pages that nobody uses from memory to the log on the backing swap, before memory is full.
 *
 * <p>Hot, in the sense that memory is short when it runs: no allocation, no exception in normal use, no logging; it needs
 * no memory of what it is to make free.
 */
package io.ramzswap.writeback;

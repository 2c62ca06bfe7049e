/**
 * The backing swap: a swap-formatted file or partition that takes what memory does not, a page at its slot's own place, as
 * in the ramzswap driver of 2009.
 *
 * <pre>
 *   BackingSwapOpener ─▶ BackingSwap ─▶ BackingSession, one a connection ─▶ BlockFile
 *     every refusal        health         checks, retries, an own buffer      DiskFile: direct I/O
 * </pre>
 *
 * <p>Hot: {@link io.ramzswap.backing.BackingSession} and below. No allocation, no exception in normal use, no logging. These
 * calls wait for the disk: no lock is held meanwhile, and whoever else meets the page sees that it is in flight.
 */
package io.ramzswap.backing;

/**
 * The backing swap: a swap-formatted file or partition, the tier behind memory. Pages lie there in a {@linkplain
 * io.ramzswap.backing.log log}, or each at its slot's own place, as in the ramzswap driver of 2009.
 *
 * <pre>
 *   BackingSwapOpener ─▶ BackingSwap ──▶ DiskQueue, one a thread ─▶ BlockFile
 *     every refusal        health          retries                    DiskFile: direct I/O
 *                            ▲
 *      BackingStore ─────────┤ LinearStore: a page at its slot's own place
 *      a Tier                └ log.LogStore: compressed pages, many at a time
 * </pre>
 *
 * <p>Hot: the sessions of the stores and below. No allocation, no exception in normal use, no logging. These calls wait for the
 * disk: no lock is held meanwhile, and a thread that meets the page sees that it is in flight.
 */
package io.ramzswap.backing;

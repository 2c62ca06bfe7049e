/**
 * The chain of tiers: what takes a page, and what gives it back.
 *
 * <pre>
 *   DeviceSession ─▶ ChainSession ─┬─▶ TierSession of memory       at once, under the slot's lock
 *                                  └─▶ TierSession of a disk       waits, with the slot in flight or without a lock
 *
 *   TierSource  ─▶  the mover  ─▶  TierSink       two neighbours, of which the mover knows no more
 * </pre>
 *
 * <p>The rules are those of the kernel's frontswap (2012), and hold for the chain as a whole:
 *
 * <ul>
 *   <li>A page that a tier took is found until it is written over or freed.
 *   <li>Storing over an old page replaces it, or fails <em>and</em> drops it: nothing stale is left behind.
 *   <li>A page is freed from every tier that has it.
 *   <li>A tier that was taken out of the chain gets no page.
 * </ul>
 *
 * <p>Hot: no allocation, no exception in normal use, no logging.
 */
package io.ramzswap.tier;

/**
 * A log on the backing swap: compressed objects one behind the other, written many at a time, in whole pages and with direct
 * I/O. No object is ever written over: what is freed leaves a gap, and a segment of gaps is used again.
 *
 * <pre>
 *   0         1 page                                                                                 the area's end
 *   +---------+-----------+-----------+-----------+---
 *   | header  | segment 0 | segment 1 | segment 2 | ...      segment: objects, each with its seal behind it;
 *   +---------+-----------+-----------+-----------+---                what is written at a time begins a page
 *
 *   connection threads                          one thread
 *   LogSession ──read──▶ LogReader ─▶ disk      LogWriter ─▶ disk      Cleaner: copies what is left of a segment
 *        └──what memory does not hold──▶ DirectPage ──▲
 * </pre>
 *
 * <p>Where an object is stands in the page table and nowhere else; so a page is one read. Of each segment is known, in memory:
 * how many bytes of it are live, how often it was opened, who reads in it. An object's nonce is the number of that opening and
 * its place in the segment, so none is used twice, and an object of an earlier time is none of this one.
 *
 * <p>Who reads has the segment pinned and then looks at the slot's word again: a pinned segment is not used again, so the bytes
 * belong to the word for as long as the pin holds.
 *
 * <p>Hot: no allocation, no exception in normal use, no logging.
 */
package io.ramzswap.backing.log;

/**
 * A way out for a host that has neither memory for its programs nor room for the pages that it swaps out.
 *
 * <p>A write that finds no room is refused. The kernel keeps the page and tries it again, for good: as long as it can reclaim a
 * few pages of files now and then, it does not take the host for one that is out of memory. So a thread of the daemon counts the
 * refused writes, and when they go on and there is nowhere else for pages to go, it calls the kernel's own out-of-memory killer.
 *
 * <p>That thread must get through when there is no memory: the files that it reads and writes stay open, and it has real-time
 * priority. While no write is refused it reads none of them.
 */
package io.ramzswap.shortage;

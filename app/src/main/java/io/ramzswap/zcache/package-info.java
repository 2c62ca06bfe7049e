/**
 * The compressed store: pages in an arena, each checked when it is read.
 *
 * <p>Hot: no allocation, no exception in normal use, no logging.
 */
package io.ramzswap.zcache;

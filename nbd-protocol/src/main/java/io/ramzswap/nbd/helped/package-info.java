/**
 * Long writes that two threads carry out, because compressing takes longer than sending: a kernel that swaps out from one
 * processor sends all of it over one connection.
 *
 * <p>Hot: requests allocate nothing.
 */
package io.ramzswap.nbd.helped;

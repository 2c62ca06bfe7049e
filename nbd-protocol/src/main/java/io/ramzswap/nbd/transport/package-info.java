/**
 * Byte streams to a client and the buffers at their ends.
 *
 * <p>Hot: reading and writing allocate nothing.
 */
package io.ramzswap.nbd.transport;

/**
 * The transmission phase: requests in, replies out, one thread a connection.
 *
 * <p>Hot: after a connection was set up nothing here allocates heap memory, throws, logs, or waits for anything but its
 * own client.
 */
package io.ramzswap.nbd.transmission;

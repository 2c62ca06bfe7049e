/** The server's side of the fixed newstyle handshake: what a client can ask before the first request. */
package io.ramzswap.nbd.handshake;

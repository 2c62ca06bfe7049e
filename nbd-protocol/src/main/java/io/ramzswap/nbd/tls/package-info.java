/** TLS under the protocol: what a server is given to prove who it is, and the stream. Not hot: JSSE allocates. */
package io.ramzswap.nbd.tls;

/**
 * A server of short requests and answers over stream sockets, which idle peers cannot take from others. A client that has not
 * sent a whole request holds a few bytes and a descriptor, never a thread; when there are too many such clients, the one that
 * has waited for longest is dropped. {@link io.ramzswap.exchange.Service} is the protocol that is spoken.
 */
package io.ramzswap.exchange;

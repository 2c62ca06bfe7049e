/** Listening for clients and giving each a thread. */
package io.ramzswap.nbd.server;

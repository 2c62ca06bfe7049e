/** Waiting until a thread has ended. */
package io.ramzswap.nbd.thread;

/** How to be sure that a thread has ended. */
package io.ramzswap.nbd.thread;

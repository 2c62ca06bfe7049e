/** The daemon's threads: how to be sure that one has ended. */
package io.ramzswap.thread;

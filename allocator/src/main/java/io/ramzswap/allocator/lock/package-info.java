/** Mutual exclusion for sections of a few hundred nanoseconds that never block. Hot. */
package io.ramzswap.allocator.lock;

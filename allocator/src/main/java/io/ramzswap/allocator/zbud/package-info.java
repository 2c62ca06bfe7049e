/** Two objects a frame, after zcache2's zbud. Hot. */
package io.ramzswap.allocator.zbud;

/** The allocator of the 2009 ramzswap driver. Hot. */
package io.ramzswap.allocator.xvmalloc;

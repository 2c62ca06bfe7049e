/** The calls this module makes into the C library. Nothing outside this package imports jnr-ffi. */
package io.ramzswap.allocator.libc;

/**
 * The C library, as far as this module needs it. Nothing else in the module imports jnr.ffi.
 *
 * <p>Hot: calls pass addresses and descriptors as primitives and allocate nothing.
 */
package io.ramzswap.nbd.libc;

/**
 * The structs and constants of the protocol as they lie on the wire: offsets, lengths and checks, nothing else. All
 * integers are big-endian, which is also the order of a new {@link java.nio.ByteBuffer}.
 *
 * <p>Source: NBD protocol document (doc/proto.md of the NetworkBlockDevice/nbd repository).
 *
 * <p>Hot: nothing here allocates.
 */
package io.ramzswap.nbd.wire;

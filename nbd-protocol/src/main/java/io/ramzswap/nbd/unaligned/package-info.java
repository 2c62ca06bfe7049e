/**
 * Serving clients that do not keep to an export's block size.
 *
 * <p>Hot: requests allocate nothing unless two clients contend for one block.
 */
package io.ramzswap.nbd.unaligned;

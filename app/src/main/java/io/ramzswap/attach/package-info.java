/**
 * Where a store can be reached by its users: a block device of the kernel or a listening socket; the packages below have one
 * each.
 *
 * <p>A device that is in use is never taken down: whoever wants to first gets an {@link io.ramzswap.attach.Attachment.Permit},
 * which keeps new users out and is refused while there are any.
 */
package io.ramzswap.attach;

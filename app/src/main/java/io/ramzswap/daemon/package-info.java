/**
 * The daemon: which devices there are, what may be done to them and when, and how all of it ends.
 *
 * <pre>
 *   ControlServer ─▶ DaemonControl ─▶ DeviceRegistry ─▶ ManagedDevice ─▶ StoreFactory      what holds the pages
 *                                                                     └▶ AttachmentPoint   where it can be reached
 * </pre>
 *
 * An {@link io.ramzswap.daemon.AttachmentPoint} is a block device of the kernel or a listening socket; the packages below
 * have one each. A device that is in use is never taken down: whoever wants to first gets an {@link
 * io.ramzswap.daemon.Attachment.Permit}, which keeps new users out and is refused while there are any.
 */
package io.ramzswap.daemon;

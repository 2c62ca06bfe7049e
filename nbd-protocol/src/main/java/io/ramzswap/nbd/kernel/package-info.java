/**
 * The kernel as a client: attaching an export to a device of the Linux nbd driver, by netlink or by ioctl.
 *
 * <p>Sources: Linux uapi headers linux/nbd.h, linux/nbd-netlink.h, linux/netlink.h and linux/genetlink.h.
 */
package io.ramzswap.nbd.kernel;

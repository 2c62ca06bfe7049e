/**
 * The kernel's block devices, {@code /dev/nbdN}: whether they exist, who uses them, and what it takes to put a store behind
 * one or to take it away; with it, the notifier of the swap slots that the kernel frees.
 */
package io.ramzswap.attach.kernel;

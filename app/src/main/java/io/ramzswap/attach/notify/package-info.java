/** Lets devices of the kernel learn of the swap slots that it frees. */
package io.ramzswap.attach.notify;

/** What {@code rzscontrol top} shows: figures of devices and host at two moments, and a screen made of the difference. */
package io.ramzswap.top;

/** The two programs, ramzswapd and rzscontrol: what can be typed, what is printed, and with what status they exit. */
package io.ramzswap.cli;

/** This host as the kernel shows it in /proc and /sys: read here, changed nowhere. */
package io.ramzswap.host;

/**
 * Devices as swap areas of the kernel's: making them so, and taking them back, both by the programs of util-linux. Neither is
 * done in the daemon's own process. A thread that waits in swapon for a device that does not answer would keep the sockets
 * open whose end gives the kernel its requests back; and whoever is in swapoff when memory runs out is the first that the
 * kernel kills, whatever its OOM score. Source: {@code set_current_oom_origin} in Linux mm/swapfile.c, mm/oom_kill.c.
 */
package io.ramzswap.swap;

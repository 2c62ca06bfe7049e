/** The settings that ramzswap has: those of a device and those of the daemon as a whole. */
package io.ramzswap.setting.catalogue;

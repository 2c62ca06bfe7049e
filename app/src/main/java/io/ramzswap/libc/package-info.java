/** System calls of the daemon as a process. The one package of this module that knows the foreign function library. */
package io.ramzswap.libc;

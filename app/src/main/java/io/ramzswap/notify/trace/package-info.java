/**
 * The kernel's tracing file system: an instance of our own, a probe in it, and its ring buffer read raw. Knows nothing of
 * swap. Source: Documentation/trace/ftrace.rst, kprobetrace.rst and ring-buffer-design.rst of Linux.
 *
 * <p>Hot: {@link io.ramzswap.notify.trace.SubBuffer} and {@link io.ramzswap.notify.trace.RawPipes}. No allocation, no
 * exception, no logging.
 */
package io.ramzswap.notify.trace;

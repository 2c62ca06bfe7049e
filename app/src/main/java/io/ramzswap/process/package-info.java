/**
 * The daemon as a process that memory may not be taken from: what it does to itself before it serves swap, and how it is
 * told to stop.
 *
 * <p>A process that the kernel waits for in order to free memory must never wait for memory itself. These guards see to that:
 *
 * <ul>
 *   <li>{@link io.ramzswap.process.IoFlusher}: no allocation in its name starts I/O of its own
 *   <li>{@link io.ramzswap.process.StraySignals}: no signal ends it that was not meant to
 *   <li>{@link io.ramzswap.process.MemoryLock}: none of its pages is ever written to swap
 *   <li>{@link io.ramzswap.process.OomScore}: the kernel does not choose it to be killed
 *   <li>{@link io.ramzswap.process.RealTimePriority}: its answers may use memory that is kept back from others
 *   <li>{@link io.ramzswap.process.LockedStack}: no thread that serves has to get its stack first
 *   <li>the JVM options it is started with: a heap of fixed size, touched beforehand
 * </ul>
 *
 * What the host forbids is reported in a {@link io.ramzswap.process.Guard}, with advice; what to do about it is the caller's
 * decision.
 */
package io.ramzswap.process;

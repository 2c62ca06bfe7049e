/**
 * The daemon: which devices there are, what may be done to them and when, and how all of it ends.
 *
 * <pre>
 *   ControlServer ─▶ DaemonControl ─▶ DeviceRegistry ─▶ ManagedDevice ─▶ StoreFactory      what holds the pages
 *                                                                     └▶ AttachmentPoint   where it can be reached
 * </pre>
 *
 * Nothing is half done: an operation that fails leaves everything as it was.
 */
package io.ramzswap.daemon;

/**
 * How rzscontrol talks to the daemon.
 *
 * <p>A stream socket of the file system (AF_UNIX). The client sends a line, the server answers with a line, as often as the
 * client likes. A line is one JSON object in UTF-8 without a raw newline, closed by a newline, at most {@link
 * io.ramzswap.control.LineChannel#MAX_LINE_BYTES} long with it.
 *
 * <pre>
 *   request   {"v":1, "operation":"init", "device":"/dev/nbd0"}
 *             {"v":1, "operation":"set-disksize", "device":"/dev/nbd0", "bytes":536870912}
 *             {"v":1, "operation":"set-backing-swap", "device":"/dev/nbd0", "path":"/var/swap",
 *              "layout":"log", "encrypt":true}
 *             {"v":1, "operation":"set-writeback-budget", "device":"/dev/nbd0", "bytes":1073741824}   an hour; 0 for any
 *             {"v":1, "operation":"write-back", "device":"/dev/nbd0", "kind":"idle", "idleSeconds":600}
 *             {"v":1, "operation":"set-allocator", "device":"/dev/nbd0", "allocator":"zsmalloc"}
 *             {"v":1, "operation":"together", "device":"/dev/nbd0",
 *              "parts":[{"operation":"set-disksize", "bytes":536870912}, {"operation":"init"}]}     all of it, or nothing
 *             {"v":1, "operation":"list"}                                     nor does "process" name a device
 *             {"v":1, "operation":"reload"}
 *   reply     {"v":1, "warnings":["..."]}                                        it was done
 *             {"v":1, "warnings":[], "statistics":{"diskSizeBytes":536870912, ...}}   stats
 *             {"v":1, "warnings":[], "process":{"ownBytes":73400320, ...}}       process
 *             {"v":1, "warnings":[], "devices":[{"name":"/dev/nbd0", "allocator":"segment", ...}]}   list
 *             {"v":1, "warnings":[], "error":"BUSY", "message":"..."}            it was not done; nothing changed
 * </pre>
 *
 * {@code operation} is one of {@link io.ramzswap.control.Operation}, {@code error} one of {@link
 * io.ramzswap.refusal.Refusal}; both may grow, as may the members of {@code statistics}, {@code process} and {@code devices}, and a client
 * takes an error it does not know for INTERNAL. {@code v} changes when an old client would misunderstand a reply. A request that is no such
 * object is answered with BAD_REQUEST, and the server hangs up: what follows it cannot be trusted to start at a line.
 *
 * <p>A client that has no request under way takes no thread: the server keeps {@link
 * io.ramzswap.control.ControlServer#MAX_WAITING} of them, each for {@link
 * io.ramzswap.control.ControlServer#IDLE_TIMEOUT_MILLIS}, and drops the one that has waited for longest when there is one more.
 * It carries out {@link io.ramzswap.control.ControlServer#MAX_REQUESTS} requests at a time; one more is told BUSY at once. Only
 * root and the user who runs the daemon are served. The client in turn waits for some seconds for an answer that only takes a
 * look, and for minutes for a change; see {@link io.ramzswap.control.ControlClient}.
 */
package io.ramzswap.control;

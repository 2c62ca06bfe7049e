package io.ramzswap.process;

import io.ramzswap.libc.UnixDatagram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd how the daemon is. Source: sd_notify(3), sd_watchdog_enabled(3). Thread-safe.
 */
public final class ServiceManager {
    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG_MICROS = "WATCHDOG_USEC";
    private static final String WATCHDOG_PROCESS = "WATCHDOG_PID";

    private final String socket;
    private final Optional<Duration> watchdogTimeout;

    private ServiceManager(String socket, Optional<Duration> watchdogTimeout) {
        this.socket = socket;
        this.watchdogTimeout = watchdogTimeout;
    }

    /** The service manager that started the process {@code pid} with this environment, if one did and wants to hear of it. */
    public static Optional<ServiceManager> of(Map<String, String> environment, long pid) {
        String socket = environment.get(SOCKET);
        if (socket == null || !(socket.startsWith("/") || socket.startsWith("@"))) {
            return Optional.empty();
        }
        // An @ stands for the NUL that a socket outside the file system begins with.
        String path = socket.startsWith("@") ? '\0' + socket.substring(1) : socket;
        return Optional.of(new ServiceManager(path, watchdogTimeout(environment, pid)));
    }

    private static Optional<Duration> watchdogTimeout(Map<String, String> environment, long pid) {
        String micros = environment.getOrDefault(WATCHDOG_MICROS, "");
        String process = environment.getOrDefault(WATCHDOG_PROCESS, Long.toString(pid));
        return micros.matches("[1-9][0-9]{0,14}") && process.equals(Long.toString(pid))
                ? Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000))
                : Optional.empty();
    }

    /** The time that it waits for {@link #alive} before it takes the daemon for stalled; empty if it does not watch. */
    public Optional<Duration> watchdogTimeout() {
        return watchdogTimeout;
    }

    /** The daemon serves. */
    public void ready() throws IOException {
        send("READY=1");
    }

    /** The daemon has begun to stop. */
    public void stopping() throws IOException {
        send("STOPPING=1");
    }

    /** Serving has just been seen to work. */
    public void alive() throws IOException {
        send("WATCHDOG=1");
    }

    /** Asks for more time for the work under way. */
    public void extendTimeout(Duration more) throws IOException {
        send("EXTEND_TIMEOUT_USEC=" + more.toNanos() / 1000);
    }

    /** The process {@code pid} is the daemon, and serves; this one has only looked for it. */
    public void handOverTo(long pid) throws IOException {
        send("MAINPID=" + pid + "\nREADY=1");
    }

    private void send(String state) throws IOException {
        UnixDatagram.send(socket, state.getBytes(StandardCharsets.UTF_8));
    }
}

package io.ramzswap.process;

/**
 * Whether a process lives in a user's session. What is done to the session, or to the user's slice, is done to the daemon: it is
 * frozen for sleep (systemd 256 and newer), killed at logout (KillUserProcesses), by {@code loginctl terminate-session} or by
 * systemd-oomd; and then every process that swapped out to it waits, or ends. Source: systemd.slice(5), systemd.scope(5),
 * logind.conf(5), systemd-suspend.service(8).
 */
public final class Session {
    /** Starts a daemon by hand as a service of its own, which nothing kills. */
    public static final String CURE =
            "systemd-run --unit=ramzswapd-by-hand -p OOMScoreAdjust=-1000 -p OOMPolicy=continue"
                    + " -p LimitMEMLOCK=infinity -p KillMode=process -p SendSIGKILL=no ramzswapd   # or: systemctl start ramzswap";

    private Session() {}

    /**
     * Whether a daemon that serves the kernel may be in that control group.
     *
     * @param group as /user.slice/user-1000.slice/session-3.scope
     */
    public static Guard guard(String group) {
        boolean isOfUser = group.startsWith("/user.slice/");
        if (!isOfUser && !group.matches(".*\\.scope(/.*)?")) {
            return Guard.HELD;
        }
        return Guard.missing(
                "the daemon is in " + group + ", " + (isOfUser ? "part of a user's session" : "which is no service")
                        + ": when that is frozen for sleep, or ended, everything that is swapped out is frozen or lost with it");
    }
}

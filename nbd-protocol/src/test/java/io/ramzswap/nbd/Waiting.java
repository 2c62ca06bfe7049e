package io.ramzswap.nbd;

import java.util.Arrays;

/** Waits for threads to get somewhere. */
public final class Waiting {
    private Waiting() {}

    /** Returns once {@code thread} is in a method of that name; fails when it ends before. */
    public static void untilIn(Thread thread, String method) {
        while (Arrays.stream(thread.getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals(method))) {
            if (thread.getState() == Thread.State.TERMINATED) {
                throw new AssertionError(thread + " ended without having been in " + method);
            }
            Thread.onSpinWait();
        }
    }
}

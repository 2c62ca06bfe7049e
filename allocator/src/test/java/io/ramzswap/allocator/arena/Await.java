package io.ramzswap.allocator.arena;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another thread will do; so long that only a defect fails it. */
public final class Await {
    private Await() {}

    /** Returns once the condition holds; {@code what} is for the message when it never does. */
    public static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("never happened: " + what);
            }
            Thread.sleep(1);
        }
    }
}

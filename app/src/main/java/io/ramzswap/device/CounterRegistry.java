package io.ramzswap.device;

import java.util.ArrayList;
import java.util.List;

/** The counts of all sessions that are or were. Thread-safe; sessions come and go here but count elsewhere. */
final class CounterRegistry {
    private final Counters ended = new Counters();
    private final List<Counters> live = new ArrayList<>();
    private int own;

    synchronized Counters open() {
        Counters counters = new Counters();
        live.add(counters);
        return counters;
    }

    synchronized void close(Counters counters) {
        live.remove(counters);
        for (Counter counter : Counter.values()) {
            ended.add(counter, counters.get(counter));
        }
    }

    /** For a thread of the device's own, which does not use the device. */
    synchronized Counters openOwn() {
        own++;
        return open();
    }

    synchronized void closeOwn(Counters counters) {
        own--;
        close(counters);
    }

    synchronized int openCount() {
        return live.size() - own;
    }

    synchronized long sum(Counter counter) {
        long sum = ended.get(counter);
        for (Counters counters : live) {
            sum += counters.get(counter);
        }
        return sum;
    }
}

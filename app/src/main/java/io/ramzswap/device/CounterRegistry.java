package io.ramzswap.device;

import java.util.ArrayList;
import java.util.List;

/** The counts of all sessions that are or were. Thread-safe; sessions come and go here but count elsewhere. */
final class CounterRegistry {
    private final Counters ended = new Counters();
    private final List<Counters> live = new ArrayList<>();

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

    synchronized int openCount() {
        return live.size();
    }

    synchronized long sum(Counter counter) {
        long sum = ended.get(counter);
        for (Counters counters : live) {
            sum += counters.get(counter);
        }
        return sum;
    }
}

package io.ramzswap.analyze;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Pages chosen so that each of those offered has the same chance. Source: Vitter 1985, algorithm R. */
final class Sample {
    private final long[] addresses;
    private final int[] processes;
    private final SplittableRandom random;
    private long offered;

    /** A sample of at most so many pages. */
    Sample(int size, long seed) {
        addresses = new long[size];
        processes = new int[size];
        random = new SplittableRandom(seed);
    }

    /** Offers a page. */
    void offer(int process, long address) {
        long place = offered < addresses.length ? offered : random.nextLong(offered + 1);
        offered++;
        if (place < addresses.length) {
            addresses[(int) place] = address;
            processes[(int) place] = process;
        }
    }

    /** The number of pages offered. */
    long offered() {
        return offered;
    }

    /** The number of pages that it holds. */
    int size() {
        return (int) Math.min(offered, addresses.length);
    }

    int process(int index) {
        return processes[index];
    }

    long address(int index) {
        return addresses[index];
    }

    /** Process after process, so that each is opened once. */
    int[] inOrder() {
        int[] starts = new int[Arrays.stream(processes, 0, size()).max().orElse(0) + 2];
        for (int i = 0; i < size(); i++) {
            starts[processes[i] + 1]++;
        }
        for (int process = 1; process < starts.length; process++) {
            starts[process] += starts[process - 1];
        }
        int[] order = new int[size()];
        for (int i = 0; i < size(); i++) {
            order[starts[processes[i]]++] = i;
        }
        return order;
    }
}

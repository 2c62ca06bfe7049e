package io.ramzswap.allocator.bench;

import java.util.random.RandomGenerator;

/**
 * Numbers of chance for one of several threads: what changes with each number shares its cache line with nothing. Objects
 * lie where the collector puts them, and two threads' generators side by side would slow each other down. SplitMix64 (Steele,
 * Lea and Flood, 2014).
 */
final class PaddedRandom implements RandomGenerator {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final int AT = 16;

    private final long[] state = new long[2 * AT];

    PaddedRandom(long seed) {
        state[AT] = seed;
    }

    @Override
    public long nextLong() {
        state[AT] += GAMMA;
        long mixed = state[AT];
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}

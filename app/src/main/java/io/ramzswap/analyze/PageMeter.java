package io.ramzswap.analyze;

import io.ramzswap.compress.Compressor;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.compress.SameFilled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures pages one by one. For one thread. */
final class PageMeter implements AutoCloseable {
    private static final int PAGE_SIZE = ProcessMemory.PAGE_SIZE;
    private static final long HASH_PRIME = 0x9E3779B97F4A7C15L;

    private final List<Gauge> gauges;
    private final long[] hashes;
    private int hashed;
    private long zero;
    private long sameFilled;

    /** One compressor and what it has made so far. */
    private static final class Gauge implements AutoCloseable {
        private final String name;
        private final Compressor compressor;
        private final ByteBuffer output;
        private int pages;
        private long storedBytes;
        private long incompressible;
        private long halved;
        private final int[] nanos;

        Gauge(CompressorKind kind, int pages) {
            nanos = new int[pages];
            name = kind.label();
            compressor = kind.create();
            output = ByteBuffer.allocateDirect(compressor.maxCompressedLength(PAGE_SIZE))
                    .order(ByteOrder.nativeOrder());
        }

        void measure(ByteBuffer page) {
            long started = System.nanoTime();
            int length = compressor.compress(page, 0, PAGE_SIZE, output, 0);
            nanos[pages++] = (int) Math.min(Integer.MAX_VALUE, System.nanoTime() - started);
            boolean raw = length > Compressor.MOST_USEFUL_BYTES;
            storedBytes += raw ? PAGE_SIZE : length + Analysis.StoreOverhead.HEADER_BYTES;
            incompressible += raw ? 1 : 0;
            halved += length <= Compressor.GOOD_BYTES ? 1 : 0;
        }

        Analysis.CompressorResult result() {
            return new Analysis.CompressorResult(name, pages, storedBytes, incompressible, halved, medianNanos());
        }

        /** Other programs interrupt a few pages for long; those are not the compressor's. */
        private long medianNanos() {
            Arrays.sort(nanos, 0, pages);
            return pages == 0 ? 0 : nanos[pages / 2];
        }

        @Override
        public void close() {
            compressor.close();
        }
    }

    /** For so many pages at most. */
    PageMeter(int pages) {
        hashes = new long[pages];
        gauges = Arrays.stream(CompressorKind.values())
                .map(kind -> new Gauge(kind, pages))
                .toList();
    }

    void measure(ByteBuffer page) {
        if (SameFilled.isSameFilled(page, 0, PAGE_SIZE)) {
            boolean isZero = SameFilled.word(page, 0) == 0;
            zero += isZero ? 1 : 0;
            sameFilled += isZero ? 0 : 1;
            return;
        }
        hashes[hashed++] = hash(page);
        gauges.forEach(gauge -> gauge.measure(page));
    }

    /** Two pages that differ have the same one once in 2<sup>64</sup>, which is often enough for a share. */
    private static long hash(ByteBuffer page) {
        long hash = HASH_PRIME;
        for (int at = 0; at < PAGE_SIZE; at += Long.BYTES) {
            hash = (Long.rotateLeft(hash, 27) ^ page.getLong(at)) * HASH_PRIME;
        }
        return hash ^ (hash >>> 32);
    }

    long measured() {
        return zero + sameFilled + hashed;
    }

    long zeroPages() {
        return zero;
    }

    long sameFilledPages() {
        return sameFilled;
    }

    long duplicatePages() {
        Arrays.sort(hashes, 0, hashed);
        long duplicates = 0;
        for (int i = 1; i < hashed; i++) {
            duplicates += hashes[i] == hashes[i - 1] ? 1 : 0;
        }
        return duplicates;
    }

    List<Analysis.CompressorResult> results() {
        List<Analysis.CompressorResult> results = new ArrayList<>();
        gauges.forEach(gauge -> results.add(gauge.result()));
        return List.copyOf(results);
    }

    @Override
    public void close() {
        gauges.forEach(Gauge::close);
    }
}

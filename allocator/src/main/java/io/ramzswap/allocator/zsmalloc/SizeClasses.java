package io.ramzswap.allocator.zsmalloc;

import io.ramzswap.allocator.arena.Arena;

/**
 * Which sizes there are, and how many frames and objects a span of each has.
 *
 * <p>Neighbouring classes are 16 bytes apart, or a 64th of their size where that is more: closer ones waste less by rounding
 * and more by spans that are not full. Of the spans of up to {@value #MAX_SPAN_FRAMES} frames each class has the one that
 * leaves least at its end, where a frame more must save a 256th of the span. Then the class is made as large as its span
 * allows, and classes that came to be the same are one.
 *
 * <p>The table follows from constants only, so every process that maps an arena has the same.
 */
final class SizeClasses {
    /** The largest size for which a class wastes less than a frame for each object does. */
    static final int MAX_SIZE = 4088;

    /** The longest span. */
    static final int MAX_SPAN_FRAMES = 16;

    private static final int MIN_SIZE = 16;
    private static final int STEP = 16;
    private static final int STEP_SHARE = 64;
    private static final int ALIGNMENT = 8;
    private static final int MAX_CLASSES = 256;

    private final byte[] classOfSize = new byte[MAX_SIZE / ALIGNMENT + 1];
    private final int[] sizes = new int[MAX_CLASSES];
    private final int[] frames = new int[MAX_CLASSES];
    private final int[] objects = new int[MAX_CLASSES];
    private int count;

    SizeClasses() {
        for (int size = MIN_SIZE; ; ) {
            add(size);
            int reached = sizes[count - 1];
            if (reached >= MAX_SIZE) {
                break;
            }
            int next = reached + Math.max(STEP, reached / STEP_SHARE);
            size = Math.min(MAX_SIZE, next & -ALIGNMENT);
        }
        int sizeClass = 0;
        for (int i = 0; i < classOfSize.length; i++) {
            if (i * ALIGNMENT > sizes[sizeClass]) {
                sizeClass++;
            }
            classOfSize[i] = (byte) sizeClass;
        }
    }

    private void add(int size) {
        int bestFrames = 1;
        double leastWaste = 1;
        for (int span = 1; span <= MAX_SPAN_FRAMES; span++) {
            int fitting = Span.objects(span, size);
            double waste = 1 - (double) fitting * size / (span * Arena.FRAME_BYTES) + (span - 1) / 256.0 / 4;
            if (fitting > 0 && waste < leastWaste) {
                bestFrames = span;
                leastWaste = waste;
            }
        }
        int fitting = Span.objects(bestFrames, size);
        int room = bestFrames * Arena.FRAME_BYTES - Span.headerBytes(fitting);
        sizes[count] = Math.min(MAX_SIZE, (room / fitting) & -ALIGNMENT);
        frames[count] = bestFrames;
        objects[count] = fitting;
        count++;
    }

    int count() {
        return count;
    }

    /** The smallest class that takes {@code sizeBytes}. */
    int of(int sizeBytes) {
        return classOfSize[(sizeBytes + ALIGNMENT - 1) / ALIGNMENT] & 0xFF;
    }

    /** The size of a class's objects. */
    int size(int sizeClass) {
        return sizes[sizeClass];
    }

    /** The frames of a class's spans. */
    int frames(int sizeClass) {
        return frames[sizeClass];
    }

    /** The objects that a class's span takes. */
    int objects(int sizeClass) {
        return objects[sizeClass];
    }
}

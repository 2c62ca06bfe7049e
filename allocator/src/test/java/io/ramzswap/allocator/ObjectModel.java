package io.ramzswap.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.arena.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A plain list of live objects, each filled with bytes that follow from its own seed, and the checks on them. */
final class ObjectModel {
    private final Allocator allocator;
    private final Arena arena;
    private final SplittableRandom random;
    private final long[] handles;
    private final int[] sizes;
    private final int[] seeds;
    private int live;

    ObjectModel(Allocator allocator, Arena arena, long seed, int capacity) {
        this.allocator = allocator;
        this.arena = arena;
        this.random = new SplittableRandom(seed);
        this.handles = new long[capacity];
        this.sizes = new int[capacity];
        this.seeds = new int[capacity];
    }

    List<Long> handles() {
        return Arrays.stream(handles, 0, live).boxed().toList();
    }

    int live() {
        return live;
    }

    boolean isFull() {
        return live == handles.length;
    }

    int randomBelow(int bound) {
        return random.nextInt(bound);
    }

    /** False if the allocator refuses. */
    boolean allocate(int size) {
        long handle = allocator.allocate(size);
        if (handle == Allocator.NONE) {
            return false;
        }
        assertThat(handle).isBetween(0L, (1L << Allocator.HANDLE_BITS) - 1);
        assertThat(allocator.size(handle)).isGreaterThanOrEqualTo(size);
        long offset = allocator.offset(handle);
        assertThat(arena.slab(offset)).isSameAs(arena.slab(offset + size - 1));
        handles[live] = handle;
        sizes[live] = size;
        seeds[live] = random.nextInt();
        fill(live);
        live++;
        return true;
    }

    void freeRandom() {
        free(random.nextInt(live));
    }

    void freeAll() {
        while (live > 0) {
            free(live - 1);
        }
    }

    void checkAll() {
        for (int i = 0; i < live; i++) {
            check(i);
        }
    }

    private void free(int index) {
        check(index);
        allocator.free(handles[index]);
        live--;
        handles[index] = handles[live];
        sizes[index] = sizes[live];
        seeds[index] = seeds[live];
    }

    private void fill(int index) {
        long offset = allocator.offset(handles[index]);
        Pattern.write(arena.slab(offset), Arena.position(offset), sizes[index], seeds[index]);
    }

    private void check(int index) {
        long offset = allocator.offset(handles[index]);
        if (!Pattern.isAt(arena.slab(offset), Arena.position(offset), sizes[index], seeds[index])) {
            throw new AssertionError("the object of " + sizes[index] + " bytes at " + offset + " (handle "
                    + handles[index] + ") changed");
        }
    }
}

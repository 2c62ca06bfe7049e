package io.ramzswap.allocator;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.block.SegmentAllocator;
import io.ramzswap.allocator.block.XvMalloc;
import io.ramzswap.allocator.debug.DebugAllocator;
import io.ramzswap.allocator.pool.Stripes;
import io.ramzswap.allocator.zbud.Zbud;
import io.ramzswap.allocator.zsmalloc.ZsMalloc;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The allocators there are, by the names a user gives them. */
public enum AllocatorKind {
    /** {@link SegmentAllocator}. */
    SEGMENT(
            (arena, pool) -> SegmentAllocator.create(arena, pool, Stripes.DEFAULT_COUNT),
            (arena, pool) -> SegmentAllocator.open(arena, pool)),
    /** {@link ZsMalloc}. */
    ZSMALLOC((arena, pool) -> ZsMalloc.create(arena, pool), (arena, pool) -> ZsMalloc.open(arena, pool)),
    /** {@link XvMalloc}. */
    XVMALLOC(
            (arena, pool) -> XvMalloc.create(arena, pool, Stripes.DEFAULT_COUNT),
            (arena, pool) -> XvMalloc.open(arena, pool)),
    /** {@link Zbud}. */
    ZBUD((arena, pool) -> Zbud.create(arena, pool, Stripes.DEFAULT_COUNT), (arena, pool) -> Zbud.open(arena, pool));

    /** What a pool gets for which nobody chose. */
    public static final AllocatorKind DEFAULT = SEGMENT;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final PoolFunction create;

    @SuppressWarnings("ImmutableEnumChecker")
    private final PoolFunction open;

    AllocatorKind(PoolFunction create, PoolFunction open) {
        this.create = create;
        this.open = open;
    }

    /** Makes an allocator of the pool of a number in an arena. */
    @FunctionalInterface
    private interface PoolFunction {
        Allocator apply(Arena arena, int pool);
    }

    /** A new allocator as the pool of that number, 0 to 15, in the arena; watched if {@link DebugAllocator} is on. */
    public Allocator create(Arena arena, int pool) {
        return DebugAllocator.ifSwitchedOn(create.apply(arena, pool), arena);
    }

    /** Takes over the pool of that number which a process that is gone left in the arena. */
    public Allocator open(Arena arena, int pool) {
        return open.apply(arena, pool);
    }

    /** The name a user gives. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The allocator of that name, if there is one. */
    public static Optional<AllocatorKind> of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }

    /** All names, for a message. */
    public static String labels() {
        return Arrays.stream(values()).map(AllocatorKind::label).collect(Collectors.joining(", "));
    }
}

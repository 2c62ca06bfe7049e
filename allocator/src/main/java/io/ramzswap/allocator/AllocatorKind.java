package io.ramzswap.allocator;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.debug.DebugAllocator;
import io.ramzswap.allocator.pool.Stripes;
import io.ramzswap.allocator.segment.SegmentAllocator;
import io.ramzswap.allocator.xvmalloc.XvMalloc;
import io.ramzswap.allocator.zbud.Zbud;
import io.ramzswap.allocator.zsmalloc.ZsMalloc;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The allocators there are, by the names a user gives them. */
public enum AllocatorKind {
    /** {@link SegmentAllocator}. */
    SEGMENT {
        @Override
        Allocator make(Arena arena, int pool) {
            return SegmentAllocator.create(arena, pool, Stripes.DEFAULT_COUNT);
        }

        @Override
        public Allocator open(Arena arena, int pool) {
            return SegmentAllocator.open(arena, pool);
        }
    },
    /** {@link ZsMalloc}. */
    ZSMALLOC {
        @Override
        Allocator make(Arena arena, int pool) {
            return ZsMalloc.create(arena, pool);
        }

        @Override
        public Allocator open(Arena arena, int pool) {
            return ZsMalloc.open(arena, pool);
        }
    },
    /** {@link XvMalloc}. */
    XVMALLOC {
        @Override
        Allocator make(Arena arena, int pool) {
            return XvMalloc.create(arena, pool, Stripes.DEFAULT_COUNT);
        }

        @Override
        public Allocator open(Arena arena, int pool) {
            return XvMalloc.open(arena, pool);
        }
    },
    /** {@link Zbud}. */
    ZBUD {
        @Override
        Allocator make(Arena arena, int pool) {
            return Zbud.create(arena, pool, Stripes.DEFAULT_COUNT);
        }

        @Override
        public Allocator open(Arena arena, int pool) {
            return Zbud.open(arena, pool);
        }
    };

    /** What a pool gets for which nobody chose. */
    public static final AllocatorKind DEFAULT = SEGMENT;

    abstract Allocator make(Arena arena, int pool);

    /** A new allocator as the pool of that number, 0 to 15, in the arena; watched if {@link DebugAllocator} is on. */
    public Allocator create(Arena arena, int pool) {
        return DebugAllocator.ifSwitchedOn(make(arena, pool), arena);
    }

    /** Takes over the pool of that number which a process that is gone left in the arena. */
    public abstract Allocator open(Arena arena, int pool);

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

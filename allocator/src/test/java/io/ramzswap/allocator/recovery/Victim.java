package io.ramzswap.allocator.recovery;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.SlotTable;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.SharedMemory;
import java.time.Duration;

/** A process that allocates, frees and compacts until it is killed. Says which files its memory is. */
public final class Victim {
    static final long LIMIT_BYTES = 32L << 20;
    static final int SLOTS = 4096;

    private static final int USERS = 2;
    private static final int TURN = 20_000;

    private Victim() {}

    /** The kind of allocator, and a seed. */
    public static void main(String[] args) {
        AllocatorKind kind = AllocatorKind.of(args[0]).orElseThrow();
        long seed = Long.parseLong(args[1]);
        // So short a window that memory is given back each time the users shrink.
        Arena arena = Arena.create(
                ArenaOptions.ofLimit(LIMIT_BYTES).withReserveBytes(1 << 20).withIdleWindow(Duration.ofMillis(5)));
        Allocator allocator = kind.create(arena, 0);
        SharedMemory handles = SharedMemory.create("victim-slots", SLOTS * (long) Long.BYTES);
        SlotTable table = new SlotTable(allocator, arena, handles);
        System.out.println(arena.memory().fd() + " " + handles.fd());
        for (int i = 0; i < USERS; i++) {
            long own = seed + i;
            new Thread(() -> use(table, own)).start();
        }
        for (; ; ) {
            allocator.compact(table, 1 << 20);
        }
    }

    private static void use(SlotTable table, long seed) {
        for (long turn = seed; ; turn += USERS) {
            // Grows to nearly all slots, then shrinks to few.
            table.useRandomly(TURN, turn, 80);
            table.useRandomly(TURN, turn, 15);
        }
    }
}

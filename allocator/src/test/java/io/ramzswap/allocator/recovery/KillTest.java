package io.ramzswap.allocator.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.SlotTable;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.libc.Libc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code -Dkill.rounds=N} kills more often. */
@Timeout(300)
class KillTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
    /** Objects that two users and a compaction can have in hand: taken but not published, or retired but not freed. */
    private static final int MOST_ORPHANS = 4;

    @ParameterizedTest
    @EnumSource
    void shouldRecoverWhatAKilledProcessLeft(AllocatorKind kind) throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            try {
                killAndRecover(kind, random);
            } catch (AssertionError e) {
                throw new AssertionError(kind + ", round " + round + ", seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static void killAndRecover(AllocatorKind kind, SplittableRandom random) throws Exception {
        Process victim = start(kind, random.nextInt());
        SharedMemory memory;
        SharedMemory handles;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = out.readLine();
            assertThat(line).as("what the victim says").matches("\\d+ \\d+");
            String[] descriptors = line.split(" ", 2);
            memory = SharedMemory.open("/proc/" + victim.pid() + "/fd/" + descriptors[0], Libc.system());
            handles = SharedMemory.open("/proc/" + victim.pid() + "/fd/" + descriptors[1], Libc.system());
            Thread.sleep(random.nextInt(700));
        } finally {
            victim.destroyForcibly().waitFor();
        }
        try (handles;
                Arena arena = Arena.open(memory, ArenaOptions.ofLimit(Victim.LIMIT_BYTES))) {
            verify(kind, arena, handles);
        }
    }

    private static void verify(AllocatorKind kind, Arena arena, SharedMemory handles) {
        Allocator allocator = kind.open(arena, 0);
        SlotTable table = new SlotTable(allocator, arena, handles);
        Set<Long> orphans = new HashSet<>();
        allocator.forEachObject(orphans::add);
        assertThat(allocator.statistics().objects()).isEqualTo(orphans.size());
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.handle(slot) != 0) {
                assertThat(orphans.remove(table.handle(slot)))
                        .as("object of slot %d", slot)
                        .isTrue();
            }
        }
        table.checkAll();
        assertThat(orphans).hasSizeLessThanOrEqualTo(MOST_ORPHANS);
        orphans.forEach(allocator::free);
        assertThat(allocator.statistics().heldBytes())
                .isEqualTo(arena.statistics().framesInUse() * Arena.FRAME_BYTES);

        table.useRandomly(50_000, 1, 60);
        while (allocator.compact(table, Long.MAX_VALUE) > 0) {
            table.checkAll();
        }
        table.dropAll();
        assertThat(allocator.statistics().objects()).isZero();
        assertThat(arena.statistics().framesInUse()).isEqualTo(controlFrames(kind));
        assertThat(arena.statistics().badFrees()).isZero();
    }

    private static long controlFrames(AllocatorKind kind) {
        try (Arena arena = Arena.create(ArenaOptions.ofLimit(Victim.LIMIT_BYTES))) {
            kind.create(arena, 0);
            return arena.statistics().framesInUse();
        }
    }

    private static Process start(AllocatorKind kind, int seed) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-ea");
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(Victim.class.getName());
        command.add(kind.label());
        command.add(Integer.toString(seed));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}

package io.ramzswap.allocator.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.FrameTag;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmptiestRegionsTest {
    private static final int FRAMES = 16;
    private static final int REGION_BYTES = FRAMES * Arena.FRAME_BYTES;
    private static final int OBJECTS = 64;
    private static final int OBJECT_BYTES = REGION_BYTES / OBJECTS;
    private static final int PAYLOAD = OBJECT_BYTES - BlockHeader.BYTES;
    private static final boolean[] ALL = {true, true};

    private final Arena arena = Arena.create(
            ArenaOptions.ofLimit(48L << 20).withReserveBytes(2L << 20).withRefillWait(Duration.ofSeconds(10)));

    private BlockPool pool;
    /** The objects of each region, by its frame. */
    private final Map<Long, Deque<Long>> objects = new TreeMap<>();

    private EmptiestRegions emptiest;

    @AfterEach
    void close() {
        arena.close();
    }

    private void fill(int regions) {
        fill(regions, FRAMES, OBJECTS);
    }

    private void fill(int regions, int framesEach, int objectsEach) {
        pool = BlockPool.create(arena, 0, FrameTag.SEGMENT, framesEach, ALL.length);
        emptiest = new EmptiestRegions(pool.regions());
        int payload = framesEach * Arena.FRAME_BYTES / objectsEach - BlockHeader.BYTES;
        for (int i = 0; i < regions * objectsEach; i++) {
            long handle = pool.allocate(payload);
            objects.computeIfAbsent(pool.regions().of(handle), region -> new ArrayDeque<>())
                    .add(handle);
        }
        assertThat(objects).hasSize(regions);
    }

    /** So many regions, each half in use when they were looked at. */
    private List<Long> halfUsed(int count) {
        fill(count);
        List<Long> regions = List.copyOf(objects.keySet());
        regions.forEach(region -> free(region, OBJECTS / 2));
        emptiest.look(ALL);
        return regions;
    }

    private void allocateOne() {
        pool.allocate(PAYLOAD);
    }

    private void free(long region, int count) {
        for (int i = 0; i < count; i++) {
            pool.free(objects.get(region).pop());
        }
    }

    private List<Long> told() {
        List<Long> told = new ArrayList<>();
        for (long region = emptiest.next(); region != Arena.NONE; region = emptiest.next()) {
            told.add(region);
        }
        return told;
    }

    private int used(long region) {
        return objects.get(region).size() * OBJECT_BYTES;
    }

    @Test
    void shouldTellEachRegionOnceAndTheEmptiestFirst() {
        fill(200);
        long seed = 20090917;
        Random random = new Random(seed);
        objects.keySet().forEach(region -> free(region, random.nextInt(OBJECTS)));

        emptiest.look(ALL);

        int level = REGION_BYTES / 32;
        assertThat(told().stream().map(region -> (used(region) - 1) / level))
                .as("seed %d", seed)
                .containsExactlyElementsOf(objects.keySet().stream()
                        .map(region -> (used(region) - 1) / level)
                        .filter(of -> of < 31)
                        .sorted(Comparator.naturalOrder())
                        .toList());
        emptiest.look(ALL);
        assertThat(told()).doesNotHaveDuplicates();
        assertThat(told()).isEmpty();
    }

    @Test
    void shouldPassOverWhatFilledUpOrIsGone() {
        List<Long> regions = halfUsed(3);

        // All go to one of them.
        for (int i = 1; i < OBJECTS / 2; i++) {
            long handle = pool.allocate(PAYLOAD);
            objects.get(pool.regions().of(handle)).add(handle);
        }
        List<Long> unchanged = regions.stream()
                .filter(region -> objects.get(region).size() == OBJECTS / 2)
                .toList();
        assertThat(unchanged).hasSize(2);
        free(unchanged.get(0), OBJECTS / 2);

        assertThat(told()).containsExactly(unchanged.get(1));
    }

    @Test
    void shouldTellWhatWasFreedMeanwhile() {
        List<Long> regions = halfUsed(2);

        free(regions.get(1), OBJECTS / 4);

        assertThat(told()).containsExactlyInAnyOrderElementsOf(regions);
    }

    @Test
    void shouldTellRegionsOfWantedStripesOnly() throws InterruptedException {
        fill(2);
        // Of two threads that were made one after the other each has a stripe of its own.
        List<Thread> threads = List.of(new Thread(this::allocateOne), new Thread(this::allocateOne));
        for (Thread thread : threads) {
            thread.start();
            thread.join();
        }
        objects.keySet().forEach(region -> free(region, OBJECTS / 2));
        int own = pool.regions().stripeOf(objects.keySet().iterator().next());
        boolean[] others = {own != 0, own != 1};

        emptiest.look(others);

        assertThat(told())
                .hasSize(1)
                .doesNotContainAnyElementsOf(objects.keySet())
                .allMatch(region -> pool.regions().stripeOf(region) == 1 - own);
    }

    @Test
    void shouldTellTheEmptiestOfMoreThanItHasRoomFor() {
        fill(EmptiestRegions.MOST + 300, 1, 2);
        objects.keySet().forEach(region -> free(region, 1));
        // In regions behind all others, of which next to nothing stays in use.
        List<Long> large = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            large.add(pool.allocate(Arena.FRAME_BYTES - 2 * BlockHeader.BYTES - 60));
            pool.allocate(40);
        }
        List<Long> nearlyEmpty = large.stream().map(pool.regions()::of).toList();
        large.forEach(pool::free);

        emptiest.look(ALL);

        assertThat(told()).hasSize(EmptiestRegions.MOST).startsWith(nearlyEmpty.toArray(Long[]::new));
    }
}

package io.ramzswap.zcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.allocator.Allocator;
import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.allocator.libc.Libc;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.table.PageWord;
import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.Tier;
import io.ramzswap.tier.TierSession;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store kept is found again by who takes its arena over. */
class TakeOverTest {
    private static final int PAGE = 4096;
    private static final int RAW_SLOT = 7;
    private static final int COMPRESSED_SLOT = 8;
    private static final ArenaOptions OPTIONS = ArenaOptions.ofLimit(16L << 20).withReserveBytes(1L << 20);

    private final ByteBuffer random = ByteBuffer.allocateDirect(PAGE);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(PAGE);

    TakeOverTest() {
        byte[] noise = new byte[PAGE];
        new Random(2009).nextBytes(noise);
        random.put(0, noise);
        for (int i = 0; i < PAGE; i++) {
            plain.put(i, (byte) (i % 50));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepRawPagesAndFreeFramesThatWereNobodysYet(AllocatorKind kind) {
        // Given a page of either kind, and a frame that was handed out when the process died
        Arena first = Arena.create(OPTIONS);
        SharedMemory kept = SharedMemory.open("/proc/self/fd/" + first.memory().fd(), Libc.system());
        long raw;
        long compressed;
        try (TierSession session = new CompressedStore(
                        first, kind.create(first, 0), new CompressorChoice(CompressorKind.DEFAULT))
                .open()) {
            raw = session.store(RAW_SLOT, random, 0, Tier.ANY_BYTES);
            compressed = session.store(COMPRESSED_SLOT, plain, 0, Tier.ANY_BYTES);
        }
        assertThat(PageWord.state(raw)).isEqualTo(PageWord.RAW);
        assertThat(PageWord.state(compressed)).isEqualTo(PageWord.COMPRESSED);
        long nobodys = first.allocateFrame();
        first.close();

        try (Arena second = Arena.open(kept, OPTIONS)) {
            // When the arena is taken over
            Allocator allocator = kind.open(second, 0);
            // Then just that frame is gone
            assertThat(second.isInUse(nobodys)).isFalse();
            assertThat(second.isInUse(PageWord.location(raw))).isTrue();
            try (TierSession session =
                    new CompressedStore(second, allocator, new CompressorChoice(CompressorKind.DEFAULT)).open()) {
                assertIsLoaded(session, raw, RAW_SLOT, random);
                assertIsLoaded(session, compressed, COMPRESSED_SLOT, plain);
                session.free(raw, RAW_SLOT);
                session.free(compressed, COMPRESSED_SLOT);
            }
            assertThat(second.statistics().framesInUse() * Arena.FRAME_BYTES)
                    .isEqualTo(allocator.statistics().heldBytes());
        }
    }

    private static void assertIsLoaded(TierSession session, long word, int slot, ByteBuffer stored) {
        ByteBuffer loaded = ByteBuffer.allocateDirect(PAGE);
        assertThat(session.load(word, slot, loaded, 0)).isEqualTo(Outcome.INTACT);
        assertThat(loaded).isEqualTo(stored);
    }
}

package io.ramzswap.tier;

import io.ramzswap.allocator.AllocatorKind;
import io.ramzswap.allocator.arena.Arena;
import io.ramzswap.allocator.arena.ArenaOptions;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.CompressorKind;
import io.ramzswap.zcache.CompressedStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(AllocatorKind.class)
class MemoryTierTest extends TierContract {
    private final Arena arena = Arena.create(ArenaOptions.ofLimit(16 << 20).withReserveBytes(1 << 20));
    private final Tier tier;

    MemoryTierTest(AllocatorKind allocator) {
        tier = new CompressedStore(arena, allocator.create(arena, 0), new CompressorChoice(CompressorKind.DEFAULT));
    }

    @Override
    Tier tier() {
        return tier;
    }

    @AfterEach
    void close() {
        arena.close();
    }
}

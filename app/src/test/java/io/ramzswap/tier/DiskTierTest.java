package io.ramzswap.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingStore;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.backing.FaultyFile.Faults;
import io.ramzswap.backing.LinearStore;
import io.ramzswap.backing.log.LogStore;
import io.ramzswap.compress.CompressorChoice;
import io.ramzswap.compress.CompressorKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "{0}")
@MethodSource("ways")
class DiskTierTest extends TierContract implements TierSink.Owner {
    private static final int EIO = 5;

    private final FaultyFile file = new FaultyFile(SLOTS);
    private final BackingSwap swap;
    private final BackingStore store;
    private final Optional<Thread> writer;
    private volatile boolean stopped;

    DiskTierTest(BackingOptions options) {
        swap = file.swap(options);
        store = options.layout() == BackingLayout.LINEAR ? new LinearStore(swap) : new LogStore(swap);
        store.serve(table, new CompressorChoice(CompressorKind.DEFAULT));
        writer = store.sink().map(sink -> new Thread(() -> write(sink)));
        writer.ifPresent(Thread::start);
    }

    static List<BackingOptions> ways() {
        return Stream.of(BackingLayout.values())
                .flatMap(layout -> Stream.of(new BackingOptions(layout, true), new BackingOptions(layout, false)))
                .toList();
    }

    private void write(TierSink sink) {
        sink.begin();
        while (!stopped) {
            if (!sink.addWaiting(this)) {
                LockSupport.parkNanos(1_000_000);
            }
            sink.flush(this);
        }
        sink.end();
    }

    @Override
    public boolean written(int slot, long newWord) {
        throw new AssertionError("no page comes from a neighbour");
    }

    @Override
    public void refused(int slot) {
        throw new AssertionError("no page comes from a neighbour");
    }

    @Test
    void shouldRefuseByValueWhatTheDiskRefuses() {
        file.inject(Faults.all(EIO));
        try (TierSession session = store.open()) {
            assertThat(session.store(3, page(3, 300), 0, Tier.ANY_BYTES)).isEqualTo(TierSession.REFUSED);
        }
    }

    @Override
    Tier tier() {
        return store;
    }

    @AfterEach
    void close() throws InterruptedException {
        stopped = true;
        if (writer.isPresent()) {
            store.sink().get().wake();
            writer.get().join();
        }
        store.close();
        swap.close();
    }
}

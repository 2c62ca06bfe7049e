package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ramzswap.attach.FakePoint;
import io.ramzswap.backing.BackingLayout;
import io.ramzswap.backing.BackingOptions;
import io.ramzswap.backing.BackingSwap;
import io.ramzswap.backing.FaultyFile;
import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.Rehearsal;
import io.ramzswap.device.SlotFrees;
import io.ramzswap.device.TrimMode;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.kernel.KernelOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeviceStoreTest {
    private static final int PAGE = 4096;
    private static final long SIZE = 64 * PAGE;

    @Test
    void shouldLetFreedSlotsBeToldOfThePagesThatItsUsersWrote() throws DeviceException {
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE).put(17, (byte) 3);
        ByteBuffer seen = ByteBuffer.allocateDirect(PAGE);
        Store.Factory stores = DeviceStore.factory(Rehearsal.none(), TrimMode.OFFERED, Thread::new, Thread::new);
        try (Store store = stores.create(new FakePoint("rz0"), settings(), Optional.empty());
                ExportSession user = store.export().open();
                SlotFrees frees = store.export().openSlotFrees()) {
            assertThat(user.write(5 * PAGE, PAGE, page, 0)).isEqualTo(NbdError.OK);

            assertThat(frees.peek(5, seen)).isTrue();
            assertThat(seen).isEqualTo(page);
        }
    }

    @Test
    void shouldRehearseForTheKernelAndHaveItsRequestsHelpedByTheThreadsThatAnswerIt() throws DeviceException {
        Counted rehearsing = new Counted();
        Counted answering = new Counted();

        stores(rehearsing, answering)
                .create(new FakePoint("nbd0").kernels(true), settings(), Optional.empty())
                .close();

        assertThat(rehearsing.made).hasPositiveValue();
        assertThat(answering.made).hasValue(helpers());
    }

    @Test
    void shouldNeitherRehearseForClientsOfSocketsNorHaveTheirRequestsHelpedByThoseThreads() throws DeviceException {
        Counted rehearsing = new Counted();
        Counted answering = new Counted();

        stores(rehearsing, answering)
                .create(new FakePoint("rz0"), settings(), Optional.empty())
                .close();

        assertThat(rehearsing.made).hasValue(0);
        assertThat(answering.made).hasValue(0);
    }

    @Test
    void shouldLeaveNothingBehindWithoutAHelper() {
        assumeThat(helpers()).isPositive();
        List<Thread> own = new CopyOnWriteArrayList<>();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task);
            own.add(thread);
            return thread;
        };
        Store.Factory stores = DeviceStore.factory(Rehearsal.none(), TrimMode.OFFERED, threads, task -> {
            throw new IllegalStateException("no thread");
        });
        FaultyFile disk = new FaultyFile((int) (SIZE / PAGE));
        BackingSwap backing = disk.swap(new BackingOptions(BackingLayout.LINEAR, false));

        assertThatThrownBy(() -> stores.create(new FakePoint("nbd0").kernels(true), settings(), Optional.of(backing)))
                .hasMessage("no thread");
        // As whoever made it does then.
        backing.close();

        assertThat(own).isNotEmpty().noneMatch(Thread::isAlive);
        assertThat(disk.closings()).isOne();
    }

    private static Store.Factory stores(ThreadFactory rehearsing, ThreadFactory answering) {
        Rehearsal rehearsal = new Rehearsal(KernelOptions.forSwap(), rehearsing, Thread::new);
        return DeviceStore.factory(rehearsal, TrimMode.OFFERED, Thread::new, answering);
    }

    private static DeviceSettings settings() {
        return new DeviceSettings(SIZE, SIZE, false);
    }

    /** One for every two processors, as HelpedExport says. */
    private static int helpers() {
        return Math.min(Runtime.getRuntime().availableProcessors() / 2, 4);
    }

    /** Makes threads, and knows how many. */
    private static final class Counted implements ThreadFactory {
        final AtomicInteger made = new AtomicInteger();

        @Override
        public Thread newThread(Runnable task) {
            made.incrementAndGet();
            return new Thread(task);
        }
    }
}

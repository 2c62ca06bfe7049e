package io.ramzswap.nbd.helped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.HookedExport;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.NbdError;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HelpedExportTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 256;
    private static final int LONG = 32;
    /** Long writes after which a connection counts as alone. */
    private static final int ENOUGH = 9;

    private final MemoryExport device = new MemoryExport(BLOCKS * BLOCK, BLOCK);
    private final List<Thread> helpers = new CopyOnWriteArrayList<>();
    private final ThreadFactory threads = task -> {
        final Thread thread = new Thread(task);
        helpers.add(thread);
        return thread;
    };

    /** Runs before a block is written. */
    private interface Before {
        void write(long block) throws Exception;
    }

    private volatile Before before = block -> {};

    /** Who wrote before may have help, so it does. */
    private void armed(ExportSession session, Before hook) {
        final ByteBuffer source = random(0, LONG);
        for (int i = 0; i < ENOUGH; i++) {
            session.write((long) (BLOCKS - LONG) * BLOCK, LONG * BLOCK, source, 0);
        }
        device.writes.set(0);
        before = hook;
    }

    private HelpedExport helped(int processors) {
        return new HelpedExport(new HookedExport(device, offset -> before.write(offset / BLOCK)), processors, threads);
    }

    /** Of a long write the first and the last block: neither is written before another thread is at the other. */
    private static Before meetAtTheEnds() {
        final CyclicBarrier bothInside = new CyclicBarrier(2);
        return block -> {
            if (block == 0 || block == LONG - 1) {
                bothInside.await(20, TimeUnit.SECONDS);
            }
        };
    }

    private static ByteBuffer random(long seed, int blocks) {
        final byte[] bytes = new byte[blocks * BLOCK];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        final byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    @Test
    void shouldWriteWithTwoThreadsAtOnce() throws Exception {
        final Before meet = meetAtTheEnds();
        final ByteBuffer source = random(1, LONG);
        try (HelpedExport export = helped(2);
                ExportSession session = export.open()) {
            armed(session, meet);
            assertThat(session.write(0, LONG * BLOCK, source, 0)).isZero();
        }
        assertThat(Arrays.copyOf(device.bytes, LONG * BLOCK)).isEqualTo(bytes(source));
        assertThat(device.writes).hasValue(LONG);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void shouldStoreEachBlockOnce(long seed) throws InterruptedException {
        final int writers = 4;
        final int share = BLOCKS / writers;
        final byte[] model = new byte[BLOCKS * BLOCK];
        try (HelpedExport export = new HelpedExport(device, 64, threads)) {
            final Thread[] running = IntStream.range(0, writers)
                    .mapToObj(writer -> new Thread(() -> {
                        final Random random = new Random(seed * writers + writer);
                        final ByteBuffer source = random(seed + writer, share + 1);
                        try (ExportSession session = export.open()) {
                            for (int i = 0; i < 2000; i++) {
                                final int first = random.nextInt(share);
                                final int length = (1 + random.nextInt(share - first)) * BLOCK;
                                final int from = random.nextInt(BLOCK);
                                final int at = (writer * share + first) * BLOCK;
                                source.putInt(from, i);
                                assertThat(session.write(at, length, source, from))
                                        .isZero();
                                source.get(from, model, at, length);
                            }
                        }
                    }))
                    .toArray(Thread[]::new);
            final List<Throwable> failures = new CopyOnWriteArrayList<>();
            for (Thread thread : running) {
                thread.setUncaughtExceptionHandler((dead, failure) -> failures.add(failure));
                thread.start();
            }
            for (Thread thread : running) {
                thread.join();
            }
            assertThat(failures).isEmpty();
        }
        assertThat(helpers).hasSize(4);
        assertThat(Arrays.equals(device.bytes, model)).isTrue();
    }

    @Test
    void shouldNotWaitForAHelperThatDoesNotCome() {
        final CountDownLatch release = new CountDownLatch(1);
        final ThreadFactory late = task -> new Thread(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            task.run();
        });
        final ByteBuffer source = random(2, LONG);
        try (HelpedExport export = new HelpedExport(device, 2, late);
                ExportSession session = export.open()) {
            for (int i = 0; i < ENOUGH + 3; i++) {
                assertThat(session.write(0, LONG * BLOCK, source, 0)).isZero();
            }
            release.countDown();
        }
        assertThat(Arrays.copyOf(device.bytes, LONG * BLOCK)).isEqualTo(bytes(source));
        assertThat(device.writes).hasValue((ENOUGH + 3) * LONG);
    }

    @Test
    void shouldTellAnErrorThatTheHelperMet() throws Exception {
        device.badByte = (LONG - 1) * BLOCK;
        final Before meet = meetAtTheEnds();
        final ByteBuffer source = random(3, LONG);
        try (HelpedExport export = helped(2);
                ExportSession session = export.open()) {
            armed(session, meet);
            assertThat(session.write(0, LONG * BLOCK, source, 0)).isEqualTo(NbdError.ENOSPC);
            device.badByte = -1;
            assertThat(session.write(0, LONG * BLOCK, source, 0)).isZero();
        }
        assertThat(Arrays.copyOf(device.bytes, LONG * BLOCK)).isEqualTo(bytes(source));
    }

    /** Each is as it was sent, or lost; in the test's device those of zeroes are as before. */
    @ParameterizedTest(name = "block {0}")
    @ValueSource(ints = {0, 1, LONG / 2, LONG - 1})
    void shouldLeaveNoBlockAsItWasWhenOneIsRefused(int refused) throws Exception {
        device.badByte = (long) refused * BLOCK;
        final ByteBuffer source = random(3, LONG);
        try (HelpedExport export = helped(2);
                ExportSession session = export.open()) {
            armed(session, meetAtTheEnds());
            assertThat(session.write(0, LONG * BLOCK, source, 0)).isEqualTo(NbdError.ENOSPC);
        }
        assertThat(isLost(refused)).isTrue();
        assertThatNoBlockIsAsItWas(source);
    }

    private boolean isLost(int block) {
        return Arrays.equals(block(block), filled(MemoryExport.LOST));
    }

    private byte[] block(int block) {
        return Arrays.copyOfRange(device.bytes, block * BLOCK, (block + 1) * BLOCK);
    }

    private static byte[] filled(byte value) {
        final byte[] block = new byte[BLOCK];
        Arrays.fill(block, value);
        return block;
    }

    private void assertThatNoBlockIsAsItWas(ByteBuffer source) {
        for (int i = 0; i < LONG; i++) {
            final byte[] sent = new byte[BLOCK];
            source.get(i * BLOCK, sent);
            assertThat(isLost(i) || Arrays.equals(block(i), sent))
                    .as("block %d", i)
                    .isTrue();
        }
    }

    @Test
    void shouldGoOnWhenTheHelperBrokeDown() throws Exception {
        final CyclicBarrier bothInside = new CyclicBarrier(2);
        final CountDownLatch died = new CountDownLatch(1);
        final Before meet = block -> {
            if (died.getCount() > 0 && helpers.contains(Thread.currentThread())) {
                bothInside.await(20, TimeUnit.SECONDS);
                throw new IllegalStateException("meant to be");
            }
            if (died.getCount() > 0 && block == 0) {
                bothInside.await(20, TimeUnit.SECONDS);
            }
        };
        final ByteBuffer source = random(4, LONG);
        try (HelpedExport export = helped(2);
                ExportSession session = export.open()) {
            armed(session, meet);
            helpers.get(0).setUncaughtExceptionHandler((dead, failure) -> died.countDown());
            assertThat(session.write(0, LONG * BLOCK, source, 0)).isEqualTo(NbdError.EIO);
            assertThatNoBlockIsAsItWas(source);
            died.await();
            assertThat(session.write(0, LONG * BLOCK, source, 0)).isZero();
        }
        assertThat(Arrays.copyOf(device.bytes, LONG * BLOCK)).isEqualTo(bytes(source));
        assertThat(device.openSessions).hasValue(0);
    }

    @Test
    void shouldSendAnswersBeforeItWaitsForAHelperThatWaits() throws Exception {
        final CountDownLatch sent = new CountDownLatch(1);
        final Before meetFirst = meetAtTheEnds();
        final Before meet = block -> {
            meetFirst.write(block);
            if (block == LONG - 1) {
                assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
            }
        };
        try (HelpedExport export = helped(2);
                ExportSession session = export.open()) {
            armed(session, meet);
            session.beforeWaiting(sent::countDown);
            assertThat(session.write(0, LONG * BLOCK, random(5, LONG), 0)).isZero();
        }
        assertThat(sent.getCount()).isZero();
    }

    @ParameterizedTest(name = "{0} blocks")
    @ValueSource(ints = {1, 7})
    void shouldWriteLittleAlone(int blocks) {
        final List<Thread> writing = new CopyOnWriteArrayList<>();
        try (HelpedExport export = helped(2);
                ExportSession session = export.open()) {
            armed(session, block -> writing.add(Thread.currentThread()));
            assertThat(session.write(0, blocks * BLOCK, random(6, blocks), 0)).isZero();
        }
        assertThat(writing).containsExactly(Thread.currentThread());
    }

    @Test
    void shouldHaveNoHelpOnASingleProcessor() {
        final List<Thread> writing = new CopyOnWriteArrayList<>();
        try (HelpedExport export = helped(1);
                ExportSession session = export.open()) {
            armed(session, block -> writing.add(Thread.currentThread()));
            assertThat(session.write(0, LONG * BLOCK, random(7, LONG), 0)).isZero();
        }
        assertThat(helpers).isEmpty();
        assertThat(writing).containsOnly(Thread.currentThread());
    }

    /** Of two processors, the one that helps would be taken from the other write. */
    @Test
    void shouldHaveNoHelpWhileHalfOfTheProcessorsWrite() throws Exception {
        final CountDownLatch goOn = new CountDownLatch(1);
        final List<Thread> second = new CopyOnWriteArrayList<>();
        final Before hold = block -> {
            if (block == 0) {
                goOn.await();
            } else if (block >= LONG) {
                second.add(Thread.currentThread());
                // Time for a helper to come.
                Thread.sleep(5);
            }
        };
        try (HelpedExport export = helped(2);
                ExportSession session = export.open()) {
            final Thread first = new Thread(() -> {
                try (ExportSession other = export.open()) {
                    armed(other, hold);
                    other.write(0, LONG * BLOCK, random(8, LONG), 0);
                }
            });
            first.start();
            // The helper has done all but the first block, and has nothing to do.
            while (device.writes.get() < LONG - 1 || helpers.get(0).getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
            for (int i = 0; i < ENOUGH + 1; i++) {
                assertThat(session.write((long) LONG * BLOCK, LONG * BLOCK, random(9, LONG), 0))
                        .isZero();
            }
            goOn.countDown();
            first.join();
        }
        assertThat(second).containsOnly(Thread.currentThread());
    }

    @Test
    void shouldHaveNoHelpWhereTwoConnectionsTakeTurnsOnTwoProcessors() {
        final List<Thread> writing = new CopyOnWriteArrayList<>();
        try (HelpedExport export = helped(2);
                ExportSession first = export.open();
                ExportSession second = export.open()) {
            armed(first, block -> {
                writing.add(Thread.currentThread());
                // Time for a helper to come.
                Thread.sleep(5);
            });
            // Both have several requests under way, which do not come one by one.
            for (ExportSession session : List.of(second, second, first, first, first, second, second, first)) {
                assertThat(session.write(0, LONG * BLOCK, random(10, LONG), 0)).isZero();
            }
        }
        assertThat(writing).containsOnly(Thread.currentThread());
    }

    @Test
    void shouldCloseItsSessions() {
        try (HelpedExport export = new HelpedExport(device, 8, threads)) {
            assertThat(device.openSessions).hasValue(4);
            export.open().close();
        }
        assertThat(device.openSessions).hasValue(0);
        assertThat(helpers).noneMatch(Thread::isAlive);
    }

    @Test
    void shouldLeaveNothingBehindWithoutAThread() {
        final ThreadFactory few = task -> {
            if (helpers.size() == 2) {
                throw new IllegalStateException("no thread");
            }
            return threads.newThread(task);
        };
        assertThatThrownBy(() -> new HelpedExport(device, 8, few)).hasMessage("no thread");
        assertThat(helpers).hasSize(2).noneMatch(Thread::isAlive);
        assertThat(device.openSessions).hasValue(0);
    }
}

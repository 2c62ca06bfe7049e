package io.ramzswap.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramzswap.allocator.libc.Errno;
import io.ramzswap.allocator.libc.Libc;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedMemoryTest {
    private static final int MIB = 1 << 20;
    private static final int CURRENT_FUTURE_ONFAULT = 7;

    /** The calls with which a daemon locks its memory; public because generated code implements it. */
    public interface Locking {
        int mlockall(int flags);

        int munlockall();
    }

    /** A kernel before 5.14. */
    static final class WithoutPopulate extends ForwardingLibc {
        @Override
        public int madvise(long address, long bytes, int advice) {
            return failWith(Errno.EINVAL);
        }
    }

    @Test
    void shouldHoldNoMemoryUntilPopulated() {
        try (SharedMemory memory = SharedMemory.create("test-reserved", 64 * MIB)) {
            assertThat(MappedMemory.residentBytes("test-reserved")).isZero();
            assertThat(memory.bytes()).isEqualTo(64 * MIB);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPopulateAndGiveBackJustWhatIsAskedFor(boolean populateKnown) {
        Libc libc = populateKnown ? Libc.system() : new WithoutPopulate();
        try (SharedMemory memory = SharedMemory.create("test-populate", 64 * MIB, libc)) {
            memory.putLong(2 * MIB + 8, 42);
            assertThat(memory.populate(2 * MIB, 4 * MIB)).isZero();
            assertThat(MappedMemory.residentBytes("test-populate")).isEqualTo(4 * MIB);
            assertThat(memory.getLong(2 * MIB + 8)).isEqualTo(42);

            assertThat(memory.giveBack(2 * MIB, MIB)).isZero();
            assertThat(MappedMemory.residentBytes("test-populate")).isEqualTo(3 * MIB);
            assertThat(memory.getLong(2 * MIB + 8)).isZero();
        }
    }

    @Test
    void shouldStayReturnableInAProcessThatLocksItsMemory() {
        Locking locking = LibraryLoader.create(Locking.class).load("c");
        assumeTrue(locking.mlockall(CURRENT_FUTURE_ONFAULT) == 0, "may not lock memory");
        try (SharedMemory memory = SharedMemory.create("test-locked", 64 * MIB)) {
            assertThat(MappedMemory.residentBytes("test-locked")).isZero();
            memory.populate(0, 8 * MIB);
            assertThat(MappedMemory.lockedBytes("test-locked")).isEqualTo(8 * MIB);
            memory.giveBack(0, 6 * MIB);
            assertThat(MappedMemory.residentBytes("test-locked")).isEqualTo(2 * MIB);
        } finally {
            locking.munlockall();
        }
    }

    @Test
    void shouldShowTheSameMemoryToWhoOpensItsFile() {
        try (SharedMemory memory = SharedMemory.create("test-shared", 3 * MIB);
                SharedMemory other = SharedMemory.open("/proc/self/fd/" + memory.fd(), Libc.system())) {
            memory.putLong(2 * MIB, 7);
            assertThat(other.getLong(2 * MIB)).isEqualTo(7);
            assertThat(other.bytes()).isEqualTo(3 * MIB);
        }
    }

    @Test
    void shouldAddressMoreThanOneSlabInNativeOrder() {
        try (SharedMemory memory = SharedMemory.create("test-slabs", 2 * SharedMemory.SLAB_BYTES + MIB)) {
            long offset = 2 * SharedMemory.SLAB_BYTES + 24;
            memory.putLong(offset, 5);
            assertThat(memory.slab(offset).getLong(SharedMemory.position(offset)))
                    .isEqualTo(5);
            assertThat(memory.slab(offset).order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(memory.slab(offset).capacity()).isEqualTo(MIB);
        }
    }

    @Test
    void shouldRefusePartialPages() {
        try (SharedMemory memory = SharedMemory.create("test-pages", MIB)) {
            assertThatThrownBy(() -> memory.giveBack(1, 4096)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> memory.populate(0, 2 * MIB)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldSayWhatWasWantedAndWhatToDoWhenItCannotMap() {
        Libc full = new ForwardingLibc() {
            @Override
            public long mmap(long address, long length, int protection, int flags, int fd, long offset) {
                return failWith(Errno.EAGAIN);
            }
        };
        assertThatThrownBy(() -> SharedMemory.create("test", 8192, full))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessage("cannot reserve 8192 bytes of shared memory (test): not enough memory, or RLIMIT_MEMLOCK or"
                        + " the cgroup's limit is too low (raise LimitMEMLOCK or MemoryMax, or ask for less)");
    }

    @Test
    void shouldRefuseAKernelWithOtherPages() {
        Libc large = new ForwardingLibc() {
            @Override
            public long sysconf(int name) {
                return 65536;
            }
        };
        assertThatThrownBy(() -> SharedMemory.create("test", 8192, large))
                .hasMessage("a kernel with pages of 4096 bytes is needed, this one has 65536");
    }
}

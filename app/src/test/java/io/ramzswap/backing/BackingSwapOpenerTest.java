package io.ramzswap.backing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ramzswap.host.ActiveSwaps;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.tier.Outcome;
import io.ramzswap.tier.Tier;
import io.ramzswap.tier.TierSession;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackingSwapOpenerTest {
    private static final Path NO_LOCKS = Path.of("/nonexistent/locks");

    private static final int SLOTS = 64;
    private static final int SIZE_KB = SLOTS * 4;

    private final Path directory = SwapFile.directory();
    private final Path file = directory.resolve("swap file");

    @AfterEach
    void clean() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }

    @Test
    void shouldOpenASwapFile() throws BackingSwapException {
        SwapFile.make(file, SLOTS);

        try (BackingSwap swap = BackingSwapOpener.open(file, BackingOptions.DEFAULT)) {
            assertThat(swap.sizeBytes()).isEqualTo(SIZE_KB << 10);
            assertThat(swap.path()).isEqualTo(file);
            assertThat(swap.state()).isEqualTo(BackingState.HEALTHY);
            assertThat(swap.header().getInt(1028)).isEqualTo(SLOTS - 1);
        }
    }

    @Test
    void shouldTakeTheSizeFromTheHeader() throws BackingSwapException {
        SwapFile.make(file, SLOTS, SwapHeader.of(SLOTS - 10));

        try (BackingSwap swap = BackingSwapOpener.open(file, BackingOptions.DEFAULT)) {
            assertThat(swap.sizeBytes()).isEqualTo((SIZE_KB << 10) - 10 * 4096);
        }
    }

    @Test
    void shouldGiveBackWhatWasWrittenToTheDisk() throws BackingSwapException, IOException {
        SwapFile.make(file, SLOTS);
        ByteBuffer page = ByteBuffer.allocateDirect(AlignedMemory.PAGE_BYTES);
        page.put(100, new byte[] {1, 2, 3});

        try (BackingSwap swap = BackingSwapOpener.open(file, new BackingOptions(BackingLayout.LINEAR, false));
                BackingStore store = new LinearStore(swap);
                TierSession session = store.open()) {
            long word = session.store(7, page, 0, Tier.ANY_BYTES);
            ByteBuffer read = ByteBuffer.allocateDirect(AlignedMemory.PAGE_BYTES);
            assertThat(session.load(word, 7, read, 0)).isEqualTo(Outcome.INTACT);
            assertThat(read).isEqualTo(page);
        }
        byte[] disk = Files.readAllBytes(file);
        assertThat(disk).hasSize(SIZE_KB << 10);
        assertThat(disk[7 * AlignedMemory.PAGE_BYTES + 101]).isEqualTo((byte) 2);
    }

    @Test
    void shouldTellThatTheFileWasCutShort() throws BackingSwapException, IOException {
        SwapFile.make(file, SLOTS);
        ByteBuffer page = ByteBuffer.allocateDirect(AlignedMemory.PAGE_BYTES);

        try (BackingSwap swap = BackingSwapOpener.open(file, BackingOptions.DEFAULT);
                BackingStore store = new LinearStore(swap);
                TierSession session = store.open()) {
            long word = session.store(60, page, 0, Tier.ANY_BYTES);
            try (RandomAccessFile other = new RandomAccessFile(file.toFile(), "rw")) {
                other.setLength(32 * AlignedMemory.PAGE_BYTES);
            }
            assertThat(session.load(word, 60, page, 0)).isEqualTo(Outcome.FAILED);
            assertThat(swap.state()).isEqualTo(BackingState.UNREADABLE);
        }
    }

    @Test
    void shouldRefuseWhatIsNotThere() {
        assertRefused(Refusal.NO_DEVICE, "there is no " + file);
    }

    @Test
    void shouldRefuseWhatIsNeitherFileNorBlockDevice() {
        assertRefused(Refusal.INVALID_VALUE, directory, directory + " is neither a file nor a block device");
        assertRefused(Refusal.INVALID_VALUE, Path.of("/dev/zero"), "/dev/zero is neither a file nor a block device");
    }

    @Test
    void shouldRefuseWhatIsNotSwapFormatted() throws IOException {
        String message = file + " is not swap-formatted; if nothing on it is needed any more, run mkswap " + file;
        Files.write(file, new byte[SIZE_KB << 10]);
        assertRefused(Refusal.INVALID_VALUE, message);

        Files.write(file, new byte[100]);
        assertRefused(Refusal.INVALID_VALUE, message);

        Files.write(file, new byte[0]);
        assertRefused(Refusal.INVALID_VALUE, message);
    }

    @Test
    void shouldRefuseTheImageOfAHibernatedSystem() {
        ByteBuffer header = SwapHeader.of(SLOTS);
        header.put(4086, "S1SUSPEND\0".getBytes(StandardCharsets.US_ASCII));
        SwapFile.make(file, SLOTS, header);

        assertRefused(
                Refusal.INVALID_VALUE,
                file + " holds the image of a hibernated system; resume that, or run mkswap " + file);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 2", "16777216, 16777216", "-1, 4294967295"})
    void shouldRefuseAnotherVersion(int version, String shown) {
        SwapFile.make(file, SLOTS, SwapFile.header(SLOTS, 1024, version));

        assertRefused(
                Refusal.INVALID_VALUE,
                file + " has a swap header of version " + shown
                        + ", or of a machine with the other byte order; run mkswap " + file);
    }

    @Test
    void shouldRefuseBadPages() {
        SwapFile.make(file, SLOTS, SwapFile.header(SLOTS, 1032, 3));

        assertRefused(
                Refusal.INVALID_VALUE,
                file
                        + " has bad pages in its swap header (3), which cannot be passed over; use a sound disk, and run mkswap"
                        + " without -c");
    }

    @ParameterizedTest
    @CsvSource({"64, 260", "268435456, 1073741828", "-1, 17179869184"})
    void shouldRefuseWhatIsShorterThanItsHeaderSays(int lastPage, long shownKilobytes) {
        SwapFile.make(file, SLOTS, SwapFile.header(SLOTS, 1028, lastPage));

        assertRefused(
                Refusal.INVALID_VALUE,
                file + " has no space for what its swap header says: 256 kB of " + shownKilobytes + " kB; run mkswap "
                        + file);
    }

    @Test
    void shouldRefuseHoles() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] header = new byte[AlignedMemory.PAGE_BYTES];
            SwapHeader.of(SLOTS).get(0, header);
            sparse.write(header);
            sparse.setLength(SIZE_KB << 10);
            sparse.getFD().sync();
        }

        assertThatThrownBy(() -> BackingSwapOpener.open(file, BackingOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        BackingSwapException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.INVALID_VALUE))
                .hasMessageMatching(
                        "\\Q" + file + "\\E has holes: only [0-9]+ kB of 256 kB are on the disk; make it with dd"
                                + " if=/dev/zero, then run mkswap");
    }

    @Test
    void shouldRefuseActiveSwapByAnyName() throws IOException {
        SwapFile.make(file, SLOTS);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file.toAbsolutePath());
        Path swaps = Files.writeString(
                directory.resolve("swaps"),
                "Filename\tType\tSize\tUsed\tPriority\n/dev/gone partition 1 2 3\n"
                        + file.toAbsolutePath().toString().replace(" ", "\\040") + " file\t\t10236\t0\t-2\n");

        for (Path name : new Path[] {file, link, file.toAbsolutePath()}) {
            assertThatThrownBy(() -> open(name, new ActiveSwaps(swaps), directory, NO_LOCKS))
                    .isInstanceOfSatisfying(
                            BackingSwapException.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.BUSY))
                    .hasMessage(name + " is active swap; run swapoff " + name + " first");
        }
    }

    @Test
    void shouldNotShareAFile() throws BackingSwapException {
        SwapFile.make(file, SLOTS);
        try (BackingSwap first = BackingSwapOpener.open(file, BackingOptions.DEFAULT)) {
            assertThat(first.path()).isEqualTo(file);
            assertRefused(Refusal.BUSY, file + " is in use by another program, which has locked it; end that first");
        }

        BackingSwapOpener.open(file, BackingOptions.DEFAULT).close();
    }

    @Test
    void shouldRefuseWhatMayNotBeWritten() {
        Path readOnly = Path.of("/sys/kernel/notes");
        assumeThat(readOnly).exists();

        assertRefused(
                Refusal.NOT_PERMITTED,
                readOnly,
                readOnly
                        + " cannot be used for reading and writing: Permission denied; it must not be read-only, and the"
                        + " daemon has to run as its owner or root");
    }

    @Test
    void shouldRefuseWhatIsInMemory() throws IOException {
        Path shm = Path.of("/dev/shm");
        assumeThat(shm).isWritable();
        assumeThat(Files.getFileStore(shm).type()).isEqualTo("tmpfs");
        Path inMemory = Files.createTempFile(shm, "ramzswap-test", "");
        try {
            SwapFile.make(inMemory, SLOTS);
            assertRefused(
                    Refusal.INVALID_VALUE,
                    inMemory,
                    inMemory + " is in memory (tmpfs), which it would have to relieve; use a disk");
        } finally {
            Files.delete(inMemory);
        }
    }

    private static BackingSwap open(Path path, ActiveSwaps swaps, Path sys, Path locks) throws BackingSwapException {
        return BackingSwapOpener.open(path, BackingOptions.DEFAULT, swaps, new DeviceTree(sys), new FileLocks(locks));
    }

    private void assertBusy(Path path, Path sys, Path locks, String message) {
        assertThatThrownBy(() -> open(path, new ActiveSwaps(NO_LOCKS), sys, locks))
                .isInstanceOfSatisfying(
                        BackingSwapException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.BUSY))
                .hasMessage(message);
    }

    private Path loopDevice(String name, Path backing) throws IOException {
        Path loop = Files.createDirectories(directory.resolve("sys/block/" + name + "/loop"));
        Files.writeString(loop.resolve("backing_file"), backing + "\n");
        return directory.resolve("sys");
    }

    /** A file system in a file is mounted by way of a loop device, and the file itself shows nothing of that. */
    @Test
    void shouldRefuseAFileThatALoopDeviceHas() throws IOException {
        SwapFile.make(file, SLOTS);
        Path sys = loopDevice("loop7", file.toAbsolutePath());

        assertBusy(file, sys, NO_LOCKS, file + " is in use behind /dev/loop7; end that first (losetup -d /dev/loop7)");
    }

    @Test
    void shouldTakeAFileBesideOneThatALoopDeviceHas() throws IOException, BackingSwapException {
        SwapFile.make(file, SLOTS);
        Path sys = loopDevice("loop7", file.resolveSibling("other").toAbsolutePath());

        open(file, new ActiveSwaps(NO_LOCKS), sys, NO_LOCKS).close();
    }

    /** The file system that the file is on lies on two other devices, one of them on nbd. */
    @Test
    void shouldRefuseWhatLiesOnNbdAnyNumberOfLayersBelow() throws IOException {
        SwapFile.make(file, SLOTS);
        FileStatus status = FileStatus.of(file);
        Path sys = directory.resolve("sys");
        Path mapped = Files.createDirectories(
                sys.resolve("dev/block/" + status.deviceMajor() + ":" + status.deviceMinor() + "/slaves/dm-9"));
        Files.writeString(mapped.resolve("dev"), "253:9\n");
        Path slave = Files.createDirectories(sys.resolve("dev/block/253:9/slaves/nbd3p1"));
        Files.writeString(slave.resolve("dev"), "43:97\n");

        assertThatThrownBy(() -> open(file, new ActiveSwaps(NO_LOCKS), sys, NO_LOCKS))
                .hasMessageContaining("is, or lies on, a device of the nbd driver");
    }

    /** An emulator locks the image of a disk in a way of its own, which does not keep out our lock. */
    @Test
    void shouldRefuseAFileThatAnotherProgramHasLockedInItsOwnWay() throws IOException {
        SwapFile.make(file, SLOTS);
        try (FileChannel emulator = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = emulator.lock(100, 1, false)) {
            assertThat(lock.isValid()).isTrue();
            assertBusy(
                    file,
                    directory,
                    Path.of("/proc/locks"),
                    file + " is in use by another program, which has locked it; end that first");
        }
    }

    @Test
    void shouldFindTheFileBehindALoopDeviceBelowAPartitionBelowAMappedOne() throws IOException {
        SwapFile.make(file, SLOTS);
        Path sys = loopDevice("loop7", file.toAbsolutePath());
        Path loop = sys.resolve("block/loop7");
        Path partition = Files.createDirectories(loop.resolve("loop7p2"));
        Files.writeString(partition.resolve("partition"), "2\n");
        Files.createDirectories(sys.resolve("dev/block"));
        Files.createSymbolicLink(sys.resolve("dev/block/259:2"), partition.toAbsolutePath());
        Path slave = Files.createDirectories(sys.resolve("dev/block/253:1/slaves/loop7p2"));
        Files.writeString(slave.resolve("dev"), "259:2\n");

        assertThat(new DeviceTree(sys).of(new FileStatus(0x6000, 253, 1)).loopFiles())
                .containsExactly(new DeviceTree.LoopFile(file.toAbsolutePath(), "loop7"));
    }

    private void assertRefused(Refusal reason, String message) {
        assertRefused(reason, file, message);
    }

    private static void assertRefused(Refusal reason, Path path, String message) {
        assertThatThrownBy(() -> BackingSwapOpener.open(path, BackingOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        BackingSwapException.class, e -> assertThat(e.refusal()).isEqualTo(reason))
                .hasMessage(message);
    }
}

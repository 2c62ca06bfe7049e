package io.ramzswap.attach.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.attach.NoExport;
import io.ramzswap.device.SwapExport;
import io.ramzswap.nbd.kernel.KernelDevice;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.process.Guard;
import io.ramzswap.process.ProcessGuards;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelPointsTest {
    private static final Notifiers NO_NOTIFIERS = new Notifiers(NotifyMode.OFF, (device, export) -> Optional.empty());

    private static final ProcessGuards ALL_HELD = new ProcessGuards(
            Guard.HELD, Guard.HELD, Guard.HELD, Guard.HELD, Guard.HELD, Guard.HELD, Guard.HELD, Guard.HELD);
    private static final SwapExport NO_EXPORT = NoExport.create();
    private static final String SWAPS_HEADER = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    private final PlayedDriver driver = new PlayedDriver();

    @TempDir
    private Path directory;

    private Path proc;

    @BeforeEach
    void playProc() throws IOException {
        proc = Files.createDirectories(directory.resolve("proc"));
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(proc.resolve("swaps"), SWAPS_HEADER);
        Files.writeString(proc.resolve("self/mounts"), "/dev/vda / ext4 rw 0 0\nproc /proc proc rw 0 0\n");
    }

    @Test
    void shouldFindADeviceByAnyOfItsNames() throws IOException, OperationException {
        Path link = directory.resolve("link");
        Files.createSymbolicLink(link, Path.of("/dev/null"));

        assertThat(points(ALL_HELD).find("/dev/nbd3").name()).isEqualTo("/dev/nbd3");
        assertThat(points(ALL_HELD).find("nbd3").exportName()).isEqualTo("nbd3");
        assertRefused(
                Refusal.NO_DEVICE,
                "no device " + link
                        + ": ramzswap devices are /dev/nbd0, /dev/nbd1 and so on, as many as the nbd driver has",
                () -> points(ALL_HELD).find(link.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/dev/nbd4", "/dev/nbd", "/dev/nbd0p1", "/dev/sda", "rz0", "\0", "/dev/nbd99999999999"})
    void shouldKnowUnknownDevices(String name) {
        assertRefused(
                Refusal.NO_DEVICE,
                "no device " + name
                        + ": ramzswap devices are /dev/nbd0, /dev/nbd1 and so on, as many as the nbd driver has",
                () -> points(ALL_HELD).find(name));
    }

    @Test
    void shouldSayHowToLoadTheDriver() {
        driver.loaded = false;

        assertRefused(
                Refusal.NO_DRIVER,
                "/dev/nbd0: the kernel's nbd driver is not loaded; run 'modprobe nbd max_part=0' as root",
                () -> points(ALL_HELD).find("/dev/nbd0"));
    }

    @Test
    void shouldNotServeSwapWithoutLockedMemory() {
        assertRefused(
                Refusal.UNPROTECTED,
                "/dev/nbd0 is not initialised, because serving it could freeze the machine: memory is not locked",
                point(new ProcessGuards(
                        Guard.missing("memory is not locked"),
                        Guard.HELD,
                        Guard.HELD,
                        Guard.HELD,
                        Guard.HELD,
                        Guard.HELD,
                        Guard.HELD,
                        Guard.HELD))::makeReady);
    }

    @Test
    void shouldNotServeSwapWithoutTheMarkOfAnIoFlusher() {
        assertRefused(
                Refusal.UNPROTECTED,
                "/dev/nbd0 is not initialised, because serving it could freeze the machine: a; also, b",
                point(new ProcessGuards(
                        Guard.missing("a"),
                        Guard.missing("b"),
                        Guard.HELD,
                        Guard.HELD,
                        Guard.HELD,
                        Guard.HELD,
                        Guard.HELD,
                        Guard.HELD))::makeReady);
    }

    @Test
    void shouldServeSwapThatMayBeKilled() throws OperationException {
        point(new ProcessGuards(
                        Guard.HELD,
                        Guard.HELD,
                        Guard.missing("c"),
                        Guard.missing("d"),
                        Guard.missing("e"),
                        Guard.missing("f"),
                        Guard.missing("g"),
                        Guard.HELD))
                .makeReady();

        assertThat(driver.claimed).isFalse();
    }

    @Test
    void shouldNotTakeADeviceThatAnotherServerHas() {
        driver.attachedByOthers = true;

        assertRefused(
                Refusal.BUSY,
                "/dev/nbd0 is in use by another NBD client or server; detach it there, or choose another device",
                point(ALL_HELD)::makeReady);
    }

    @Test
    void shouldFreeADeviceThatADaemonLeftBehindWhenItDied() throws OperationException {
        driver.leftBehind = true;

        point(ALL_HELD).makeReady();

        assertThat(driver.isAttached(new KernelDevice(0))).isFalse();
    }

    @Test
    void shouldLeaveADeviceAloneThatIsSwapAlthoughItsDaemonHasDied() {
        driver.leftBehind = true;
        driver.claimable = false;

        assertRefused(
                Refusal.BUSY,
                "/dev/nbd0 is in use, nothing was changed: in use as swap; run swapoff",
                point(ALL_HELD)::makeReady);
        assertThat(driver.leftBehind).isTrue();
    }

    @Test
    void shouldSayWhyTheKernelRefusesAndLeaveNoThread() {
        driver.attachable = false;

        assertRefused(
                Refusal.NOT_PERMITTED,
                "/dev/nbd0 was not attached: needs CAP_SYS_ADMIN",
                () -> point(ALL_HELD).attach(NO_EXPORT));
        assertThat(driver.serving.isAlive()).isFalse();
    }

    @Test
    void shouldDetachWhatNobodyUses() throws OperationException {
        Attachment attachment = point(ALL_HELD).attach(NO_EXPORT);

        try (Attachment.Permit permit = attachment.reserve()) {
            assertThat(driver.claimed).isTrue();
            permit.detach();
        }

        assertThat(driver.attached).isFalse();
        assertThat(driver.claimed).isFalse();
        assertThat(driver.serving.isAlive()).isFalse();
    }

    @Test
    void shouldTellWhetherTheDeviceStillAnswers() throws OperationException {
        Attachment attachment = point(ALL_HELD).attach(NO_EXPORT);
        attachment.probe();
        assertThat(driver.probes).isOne();

        driver.answering = false;
        assertRefused(
                Refusal.INTERNAL,
                "/dev/nbd0 is not served any more: the server ended the connection",
                attachment::probe);
    }

    @Test
    void shouldLetUsersInAgainWhenAPermitIsGivenUp() throws OperationException {
        point(ALL_HELD).attach(NO_EXPORT).reserve().close();

        assertThat(driver.claimed).isFalse();
        assertThat(driver.attached).isTrue();
    }

    @Test
    void shouldGiveNoPermitForWhatTheKernelHasClaimed() throws OperationException {
        Attachment attachment = point(ALL_HELD).attach(NO_EXPORT);
        driver.claimable = false;

        assertRefused(
                Refusal.BUSY,
                "/dev/nbd0 is in use, nothing was changed: in use as swap; run swapoff",
                attachment::reserve);
        assertThat(driver.attached).isTrue();
    }

    @Test
    void shouldSayThatItIsSwap() throws IOException, OperationException {
        Files.writeString(proc.resolve("swaps"), SWAPS_HEADER + "/dev/nbd0 partition\t65532\t0\t100\n");

        driver.claimable = false;
        assertRefused(
                Refusal.BUSY,
                "/dev/nbd0 is in use, nothing was changed: it is active swap; run swapoff /dev/nbd0 first",
                point(ALL_HELD)::makeReady);
        driver.claimable = true;
        assertInUse("it is active swap; run swapoff /dev/nbd0 first");
    }

    @Test
    void shouldNotTakeAnotherSwapDeviceForThisOne() throws IOException, OperationException {
        Files.writeString(proc.resolve("swaps"), SWAPS_HEADER + "/dev/nbd01 partition\t65532\t0\t100\n");

        point(ALL_HELD).attach(NO_EXPORT).reserve().close();
    }

    @Test
    void shouldSayWhereItIsMounted() throws IOException, OperationException {
        Files.writeString(proc.resolve("self/mounts"), "/dev/vda / ext4 rw 0 0\n/dev/nbd0 /mnt/x ext4 rw 0 0\n");

        assertInUse("it is mounted on /mnt/x; unmount it first");
    }

    /** The kernel hands names through as they are: 0xE9 alone is no UTF-8. */
    @Test
    void shouldFindOutWhoUsesItWhateverOthersAreCalled() throws IOException, OperationException {
        byte[] swaps = (SWAPS_HEADER + "/swap\u00e9 file\t65532\t0\t-2\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] mounts = "/dev/vdb /mnt/caf\u00e9 ext4 rw 0 0\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(proc.resolve("swaps"), swaps);
        Files.write(proc.resolve("self/mounts"), mounts);
        point(ALL_HELD).attach(NO_EXPORT).reserve().close();

        opens(4711, "dd", "/dev/nbd0");
        Files.write(proc.resolve("4711/comm"), "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertInUse("it is open in caf\ufffd (process 4711); end that first");
    }

    @Test
    void shouldSayWhoHasItOpen() throws IOException, OperationException {
        long self = ProcessHandle.current().pid();
        opens(4711, "dd", "/dev/nbd0");
        opens(4712, "cat", "/dev/nbd1");
        opens(self, "java", "/dev/nbd0");

        assertInUse("it is open in dd (process 4711); end that first");
    }

    @Test
    void shouldTakeForOpenWhatCannotBeLookedAt() throws IOException, OperationException {
        // Given a directory that is none, and a link that is none: root may read all others here.
        Files.writeString(process(4711, "sh").resolve("fd"), "");
        Files.writeString(
                Files.createDirectories(process(4712, "dd").resolve("fd")).resolve("0"), "");

        assertThatThrownBy(point(ALL_HELD).attach(NO_EXPORT)::reserve)
                .hasMessageStartingWith("/dev/nbd0 is in use, nothing was changed: it may be open in ")
                .hasMessageContainingAll("sh (process 4711)", "dd (process 4712)")
                .hasMessageEndingWith(", whose files cannot be looked at; that takes root with CAP_SYS_PTRACE and"
                        + " CAP_DAC_READ_SEARCH");
        assertThat(driver.claimed).isFalse();
        assertThat(driver.attached).isTrue();
    }

    @Test
    void shouldNameThoseThatHaveItOpenRatherThanThoseThatMay() throws IOException, OperationException {
        Files.writeString(process(4711, "sh").resolve("fd"), "");
        opens(4712, "dd", "/dev/nbd0");

        assertInUse("it is open in dd (process 4712); end that first");
    }

    @Test
    void shouldNotListMoreProcessesThanAPersonReads() throws IOException, OperationException {
        for (int process = 1; process <= 5; process++) {
            opens(4710 + process, "dd", "/dev/nbd0");
        }

        assertThatThrownBy(point(ALL_HELD).attach(NO_EXPORT)::reserve)
                .hasMessageMatching(".*: it is open in dd \\(process 471.\\), dd \\(process 471.\\), dd"
                        + " \\(process 471.\\) and 2 more; end that first");
    }

    @Test
    void shouldNotTakeProcessesThatHaveEndedForUsers() throws IOException, OperationException {
        // Given one without files any more, and one that gives another error and is not there when asked again.
        process(4711, "sh");
        Files.createSymbolicLink(proc.resolve("4712"), Path.of("4712"));

        point(ALL_HELD).attach(NO_EXPORT).reserve().close();
    }

    @Test
    void shouldWaitForUdevToBeDone() throws Exception {
        opens(4713, "(udev-worker)", "/dev/nbd0");
        Path descriptor = proc.resolve("4713/fd/3");
        Attachment attachment = point(ALL_HELD).attach(NO_EXPORT);
        CompletableFuture<Void> done = CompletableFuture.runAsync(
                () -> {
                    try {
                        Files.delete(descriptor);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                // Longer than anybody else is waited for.
                CompletableFuture.delayedExecutor(1500, TimeUnit.MILLISECONDS));

        attachment.reserve().close();

        assertThat(descriptor).doesNotExist();
        done.get();
    }

    @Test
    void shouldForgetItsOwnDescriptors() throws IOException, OperationException {
        opens(ProcessHandle.current().pid(), "java", "/dev/nbd0");

        point(ALL_HELD).attach(NO_EXPORT).reserve().close();
    }

    private void opens(long process, String command, String file) throws IOException {
        Path fds = Files.createDirectories(process(process, command).resolve("fd"));
        Files.createSymbolicLink(fds.resolve("3"), Path.of(file));
    }

    private Path process(long process, String command) throws IOException {
        Path directory = Files.createDirectories(proc.resolve(Long.toString(process)));
        Files.writeString(directory.resolve("comm"), command + "\n");
        return directory;
    }

    private void assertInUse(String by) throws OperationException {
        Attachment attachment = point(ALL_HELD).attach(NO_EXPORT);

        assertRefused(Refusal.BUSY, "/dev/nbd0 is in use, nothing was changed: " + by, attachment::reserve);
        assertThat(driver.claimed).isFalse();
        assertThat(driver.attached).isTrue();
    }

    private AttachmentPoint point(ProcessGuards guards) {
        try {
            return points(guards).find("/dev/nbd0");
        } catch (OperationException e) {
            throw new AssertionError(e);
        }
    }

    private KernelPoints points(ProcessGuards guards) {
        return new KernelPoints(driver, new BlockDeviceUse(proc), guards, NO_NOTIFIERS, Thread::new);
    }

    private static void assertRefused(Refusal code, String message, ThrowingCallable operation) {
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message);
    }
}

package io.ramzswap.process;

import io.ramzswap.host.ControlGroups;
import io.ramzswap.libc.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The program this process runs, with its arguments and environment, as the kernel keeps them. Source: execve(2),
 * proc_pid_cmdline(5), proc_pid_environ(5).
 */
public final class SelfImage {
    /** Set in the environment of the second run, so that there is never a third. */
    private static final String MARKER = "RAMZSWAP_REEXEC=1";

    /**
     * The name of the second run. At shutdown systemd ends all processes before it turns off the remaining swap, but it spares
     * processes whose name begins with an @. Source: systemd "Storage Daemons for the Root File System".
     */
    public static final String NAME = "@ramzswapd";

    private static final int FIRST_FD_AFTER_STDERR = 3;

    private final Libc libc;

    /** For this process. */
    public SelfImage(Libc libc) {
        this.libc = libc;
    }

    /** Whether {@link #execute} brought this run about. */
    boolean isSecondRun() {
        return "1".equals(System.getenv("RAMZSWAP_REEXEC"));
    }

    /**
     * Executes the same program with the same arguments, but by the name {@link #NAME}, in this process. The calling thread becomes the first one of the new
     * image; all others end.
     *
     * @return only if that failed: why, in words
     */
    String execute() {
        try {
            String program = Path.of("/proc/self/exe").toRealPath().toString();
            List<byte[]> words = new ArrayList<>(strings("/proc/self/cmdline"));
            words.set(0, NAME.getBytes(StandardCharsets.US_ASCII));
            processorsOfControlGroups().ifPresent(option -> words.add(1, option.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer arguments = stringVector(words);
            List<byte[]> variables = new ArrayList<>(strings("/proc/self/environ"));
            variables.add(MARKER.getBytes(StandardCharsets.US_ASCII));
            variables.add(
                    (StraySignals.JVM_SIGNAL_VARIABLE + "=" + StraySignals.SIGURG).getBytes(StandardCharsets.US_ASCII));
            ByteBuffer environment = stringVector(variables);
            closeFilesOnExec();
            libc.execve(program, Libc.address(arguments), Libc.address(environment));
            return "execve " + program + ": " + libc.lastError();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The JVM knows the limit of its own control group alone, and not of those above. Source: -XX:ActiveProcessorCount, java(1). */
    private static Optional<String> processorsOfControlGroups() {
        OptionalInt most = ControlGroups.ofThisProcess().processors();
        return most.isPresent() && most.getAsInt() < Runtime.getRuntime().availableProcessors()
                ? Optional.of("-XX:ActiveProcessorCount=" + most.getAsInt())
                : Optional.empty();
    }

    /** The JVM leaves its archives open across an execve. What a service manager handed over stays. */
    private void closeFilesOnExec() throws IOException {
        int firstOwn = FIRST_FD_AFTER_STDERR + handedOver();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : open) {
                int fd = Integer.parseInt(entry.getFileName().toString());
                if (fd >= firstOwn) {
                    libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC);
                }
            }
        }
    }

    private static int handedOver() {
        String count = System.getenv("LISTEN_FDS");
        return count != null && count.matches("[0-9]{1,4}") ? Integer.parseInt(count) : 0;
    }

    private static List<byte[]> strings(String file) throws IOException {
        return split(Files.readAllBytes(Path.of(file)));
    }

    /** Splits at each NUL; every string ends in one. */
    static List<byte[]> split(byte[] bytes) {
        List<byte[]> strings = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                strings.add(Arrays.copyOfRange(bytes, start, i));
                start = i + 1;
            }
        }
        return strings;
    }

    /** A {@code char *[]} that ends in NULL, and the strings behind it, each closed by a NUL, in one buffer. */
    private static ByteBuffer stringVector(List<byte[]> strings) {
        int pointersLength = (strings.size() + 1) * Long.BYTES;
        int length =
                pointersLength + strings.stream().mapToInt(s -> s.length + 1).sum();
        ByteBuffer vector = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        long address = Libc.address(vector);
        int stringOffset = pointersLength;
        for (int i = 0; i < strings.size(); i++) {
            vector.putLong(i * Long.BYTES, address + stringOffset);
            vector.put(stringOffset, strings.get(i));
            stringOffset += strings.get(i).length + 1;
        }
        return vector;
    }
}

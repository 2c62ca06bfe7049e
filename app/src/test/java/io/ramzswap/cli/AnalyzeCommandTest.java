package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalyzeCommandTest {
    private static final int PAGE_SIZE = 4096;
    private static final long PRESENT = 1L << 63 | 1L << 56;
    private static final long SWAPPED = 1L << 62;
    private static final long OF_A_FILE = 1L << 63 | 1L << 61;
    private static final long SHARED_AFTER_FORK = 1L << 63;
    private static final long ABSENT = 0;
    private static final long START = 0x10000;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;

    @TempDir
    private Path root;

    private Tree tree;

    @BeforeEach
    void makeHost() throws IOException {
        tree = new Tree(root).file("/proc/meminfo", "MemTotal:        1048576 kB\n");
    }

    @Test
    void shouldSortPagesByWhatTheyAre() throws IOException {
        byte[] noise = noise(1);
        process(
                7,
                "rw-p 00000000 00:00 0 [heap]",
                new long[] {PRESENT, PRESENT, PRESENT, PRESENT, PRESENT, PRESENT},
                page(0),
                page(0x0101010101010101L),
                noise,
                noise,
                text("a line of text\n"),
                noise(2));

        JsonObject found = json(analyze("--json"));

        assertThat(figures(found, "processes", "unreadableProcesses", "goneProcesses"))
                .isEqualTo("1 0 0");
        assertThat(figures(found, "anonymousPages", "sampledPages", "zeroPages", "sameFilledPages", "duplicatePages"))
                .isEqualTo("6 6 1 1 1");
        JsonObject lz4 = found.getAsJsonArray("compressors").get(0).getAsJsonObject();
        assertThat(figures(lz4, "name", "pages", "incompressiblePages", "halvedPages"))
                .isEqualTo("\"lz4\" 4 3 1");
        assertThat(lz4.get("storedBytes").getAsLong()).isBetween(3L * PAGE_SIZE, 3L * PAGE_SIZE + 200);
    }

    @Test
    void shouldReadNoPageThatIsNotAnonymousAndInRam() throws IOException {
        // Bytes are there for the first page alone: reading another would fail or be counted.
        process(7, "rw-p 00000000 00:00 0 ", new long[] {PRESENT, ABSENT, SWAPPED, OF_A_FILE, SWAPPED}, text("some "));

        JsonObject found = json(analyze("--json"));

        assertThat(figures(found, "anonymousPages", "sampledPages", "swappedPages"))
                .isEqualTo("1 1 2");
    }

    @Test
    void shouldCountAPageOnceThatSeveralProcessesHave() throws IOException {
        for (int pid : new int[] {7, 8, 9}) {
            process(pid, "rw-p 00000000 00:00 0 [stack]", new long[] {SHARED_AFTER_FORK | 42}, text("forked "));
        }

        assertThat(figures(json(analyze("--json")), "processes", "anonymousPages", "duplicatePages"))
                .isEqualTo("3 1 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rw-p 00000000 fe:01 1234 /usr/lib/libc.so",
                "rw-s 00000000 00:05 77 /dev/shm/x",
                "rw-p 00000000 00:06 12 /dev/dri/card0",
                "rw-s 00000000 00:01 0 /dev/zero (deleted)",
                "rw-s 00000000 00:00 0 [anon_shmem:x]",
                "r--p 00000000 00:00 0 [vvar]",
                "r-xp 00000000 00:00 0 [vdso]"
            })
    void shouldLeaveOtherMappingsAlone(String mapping) throws IOException {
        process(7, mapping, new long[] {PRESENT}, text("x"));

        assertThat(analyze())
                .isEqualTo(Run.failed(
                        2, "rzscontrol: these processes have no anonymous memory in RAM; choose others with --pid"));
    }

    @Test
    void shouldLeaveLockedMemoryAlone() throws IOException {
        process(7, "rw-p 00000000 00:00 0 ", new long[] {PRESENT}, text("x"));
        Path smaps = root.resolve("proc/7/smaps");
        Files.writeString(
                smaps, Files.readString(smaps).replace("Locked:                0 kB", "Locked:                4 kB"));

        assertThat(analyze().status()).isEqualTo(2);
    }

    @Test
    void shouldReadNoMoreThanAskedFor() throws IOException {
        long[] entries = new long[100];
        Arrays.fill(entries, PRESENT);
        byte[][] pages = new byte[100][];
        Arrays.setAll(pages, i -> text("page " + i));
        process(7, "rw-p 00000000 00:00 0 ", entries, pages);

        assertThat(figures(json(analyze("--json", "--sample", "10")), "anonymousPages", "sampledPages"))
                .isEqualTo("100 10");
    }

    @Test
    void shouldGoOnWithoutProcessesThatHaveEndedOrMayNotBeRead() throws IOException {
        process(7, "rw-p 00000000 00:00 0 ", new long[] {PRESENT}, text("x"));
        // It ended after it was listed: its files are gone.
        tree.directory("/proc/8");
        // Its memory is not to be had, and it has some.
        tree.file("/proc/9/status", "VmSize:\t    4 kB\n");

        JsonObject found = json(analyze("--json"));

        assertThat(figures(found, "processes", "unreadableProcesses", "sampledPages"))
                .isEqualTo("1 1 1");
    }

    @Test
    void shouldSayThatItNeedsPermission() throws IOException {
        tree.file("/proc/9/status", "VmSize:\t    4 kB\n");

        assertThat(analyze())
                .isEqualTo(Run.failed(
                        4,
                        "rzscontrol: no permission to read the memory of 1 process: run rzscontrol analyze as root"));
    }

    @Test
    void shouldRecommendSizes() throws IOException {
        processes(5, 200, 200);

        Run run = analyze();

        // Half of the pages take nothing and half all of their size, 52.5 % with what the store adds: a quarter of 1
        // GiB
        // holds 487 MiB of them, and a fifth less is 390.
        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("""
                        5 processes with 7.8M of anonymous memory in RAM; 2000 of its 2000 pages were read.

                        zero          50.0 %
                        """)
                .contains(
                        "\n  takes            52.5 %  of the size of all of them, tables and gaps included: ratio 1.90\n")
                .contains("--disksize_kb=399360 --memlimit_kb=262144\n\nzstd\n")
                .endsWith("""
                        For 1G of RAM: 390M of such pages in 256M of memory, a fifth to spare.
                          rzscontrol /dev/nbd0 --init --disksize_kb=399360 --memlimit_kb=262144 --compressor=zstd
                        """);
    }

    @Test
    void shouldRecommendNothingThatDoctorWarnsOf() throws IOException {
        processes(5, 360, 40);

        Run run = analyze();

        assertThat(run.out()).endsWith("""
                        For 1G of RAM: 512M of such pages in 256M of memory, twice the memory and no more, because other pages may not shrink so well.
                          rzscontrol /dev/nbd0 --init --disksize_kb=524288 --memlimit_kb=262144 --compressor=zstd
                        """);
        assertThat(json(analyze("--json")).get("representative").getAsBoolean()).isTrue();
    }

    @Test
    void shouldErrOnTheSafeSideWhereTheSampleIsSmall() throws IOException {
        processes(2, 40, 7);

        assertThat(analyze().out()).startsWith("""
                        2 processes with 376K of anonymous memory in RAM; 94 of its 94 pages were read.
                        The sample is small: 94 pages of 2 processes, where 2000 pages of 5 processes are wanted. Run it when the host does what it is for.

                        """).contains("""
                        For 1G of RAM: 256M of such pages in 256M of memory, as if they did not shrink, because the sample says too little.
                          rzscontrol /dev/nbd0 --init --disksize_kb=262144 --memlimit_kb=262144
                        """);
        assertThat(json(analyze("--json")).get("representative").getAsBoolean()).isFalse();
    }

    @Test
    void shouldErrOnTheSafeSideWhereTheSampleIsOneSided() throws IOException {
        processes(5, 60, 60);
        pages(99, 1000, 1000);

        Run run = analyze();

        assertThat(run.out())
                .contains(
                        "The sample is one-sided: 77 % of it are pages of one process, where 75 % are the most that is"
                                + " wanted. Run it when the host does what it is for.\n")
                .contains("--disksize_kb=262144 --memlimit_kb=262144\n");
    }

    /** Processes that have so many pages of zeroes and of noise each. */
    private void processes(int count, int zeroes, int noises) throws IOException {
        for (int pid = 1; pid <= count; pid++) {
            pages(pid, zeroes, noises);
        }
    }

    private void pages(int pid, int zeroes, int noises) throws IOException {
        byte[][] pages = new byte[zeroes + noises][];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = i < zeroes ? page(0) : noise(pid * 10_000L + i);
        }
        long[] entries = new long[pages.length];
        Arrays.fill(entries, PRESENT);
        process(pid, "rw-p 00000000 00:00 0 ", entries, pages);
    }

    @Test
    void shouldSayWhenThereIsLittleToGain() throws IOException {
        process(7, "rw-p 00000000 00:00 0 ", new long[] {PRESENT, PRESENT}, noise(4), noise(5));

        assertThat(analyze().out()).endsWith("\nThere is little to gain: such memory hardly shrinks.\n");
    }

    @Test
    void shouldReadARealProcess() {
        Run run = Run.of(
                new RzscontrolCommand(),
                "analyze",
                "--json",
                "--sample=200",
                "--pid=" + ProcessHandle.current().pid());

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(json(run).get("sampledPages").getAsLong()).isBetween(150L, 200L);
    }

    /** As sanitizers, garbage collectors and sandboxes do: terabytes of addresses, and pages in few of them. */
    @Test
    void shouldWorkByMemoryAndNotByAddresses() {
        long bytes = 8L << 40;
        long start = MemoryCalls.SYSTEM
                .mmap(null, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0)
                .address();
        assertThat(start).as("8 TiB of addresses").isPositive();
        try {
            int touched = 5_000;
            for (int i = 0; i < touched; i++) {
                MemoryCalls.SYSTEM.memset(start + bytes / touched * i / PAGE_SIZE * PAGE_SIZE, i, 100);
            }
            JsonObject found = json(Run.of(
                    new RzscontrolCommand(),
                    "analyze",
                    "--json",
                    "--pid=" + ProcessHandle.current().pid()));

            long pages = found.get("anonymousPages").getAsLong()
                    + found.get("swappedPages").getAsLong()
                    + found.get("unvisitedPages").getAsLong();
            assertThat(pages).isGreaterThan(touched);
            assertThat(found.get("examinedPages").getAsLong())
                    .as("addresses that were looked at, of 2147483648, for %d pages", pages)
                    .isLessThan(64 * pages + (1 << 24));
        } finally {
            MemoryCalls.SYSTEM.munmap(start, bytes);
        }
    }

    /** As on a kernel that does not say where pages are. */
    @Test
    void shouldLeaveOutPagesThatLieTooFarApartToFind() throws IOException {
        long pages = 1L << 31;
        tree.file(
                "/proc/7/smaps",
                Long.toHexString(START) + "-" + Long.toHexString(START + pages * PAGE_SIZE)
                        + " rw-p 00000000 00:00 0 \nAnonymous:             8 kB\nLocked:                0 kB\n");
        ByteBuffer entry = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        write("/proc/7/pagemap", START / PAGE_SIZE * Long.BYTES, entry.putLong(0, PRESENT));
        write("/proc/7/pagemap", (START / PAGE_SIZE + pages - 1) * Long.BYTES, entry.clear());
        write("/proc/7/mem", START, ByteBuffer.wrap(text("found")));

        Run run = analyze("--json");

        assertThat(figures(json(run), "anonymousPages", "unvisitedPages", "sampledPages"))
                .isEqualTo("1 1 1");
        assertThat(json(run).get("examinedPages").getAsLong()).isLessThan(1 << 25);
        assertThat(analyze().out())
                .contains(
                        "\n4K more lie too far apart for this kernel to find, and were left out; Linux 6.7 finds them.\n");
    }

    /** Memory of this process, as other programs map it. */
    public interface MemoryCalls {
        MemoryCalls SYSTEM = LibraryLoader.create(MemoryCalls.class).load("c");

        // On pointers, because jffi 1.4.3 passes wrong arguments to functions of six plain numbers.
        Pointer mmap(Pointer address, long length, int protection, int flags, int fd, long offset);

        long memset(long address, int value, long length);

        int munmap(long address, long length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--sample 0|--sample takes 1 to 500000 pages, not 0; see rzscontrol analyze --help",
                "--sample -5|--sample takes 1 to 500000 pages, not -5; see rzscontrol analyze --help",
                "--sample 500001|--sample takes 1 to 500000 pages, not 500001; see rzscontrol analyze --help",
                "--sample many|Invalid value for option '--sample': 'many' is not an int; see rzscontrol analyze --help",
                "--sample 99999999999|Invalid value for option '--sample': '99999999999' is not an int; see rzscontrol"
                        + " analyze --help",
                "--sample|Missing required parameter for option '--sample' (N); see rzscontrol analyze --help",
                "--pid 4194305|there is no process 4194305; ps -e shows those there are",
                "--pid -1|there is no process -1; ps -e shows those there are",
                "--pid 7,x|Invalid value for option '--pid' (PID): 'x' is not an int; see rzscontrol analyze --help",
                "everything|Unmatched argument at index 2: 'everything'; see rzscontrol analyze --help"
            })
    void shouldRefuseWrongUse(String options, String complaint) throws IOException {
        process(7, "rw-p 00000000 00:00 0 ", new long[] {PRESENT}, text("x"));
        String[] arguments = ("analyze " + tree.option() + " " + options).split(" ", -1);

        assertThat(Run.of(new RzscontrolCommand(), arguments)).isEqualTo(Run.failed(2, "rzscontrol: " + complaint));
    }

    /** A process whose one mapping is described by {@code mapping}: an entry of pagemap for each page, bytes for the first. */
    private void process(int pid, String mapping, long[] entries, byte[]... pages) throws IOException {
        String directory = "/proc/" + pid;
        long end = START + (long) entries.length * PAGE_SIZE;
        tree.file(
                directory + "/smaps",
                Long.toHexString(START) + "-" + Long.toHexString(end) + " " + mapping
                        + "\nSize:   4 kB\nAnonymous:             4 kB\nLocked:                0 kB\nVmFlags: rd wr\n");
        ByteBuffer pagemap = ByteBuffer.allocate(entries.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(entries).forEach(pagemap::putLong);
        write(directory + "/pagemap", START / PAGE_SIZE * Long.BYTES, pagemap.flip());
        ByteBuffer memory = ByteBuffer.allocate(pages.length * PAGE_SIZE);
        Arrays.stream(pages).forEach(memory::put);
        write(directory + "/mem", START, memory.flip());
    }

    private void write(String absolute, long position, ByteBuffer bytes) throws IOException {
        try (FileChannel file = FileChannel.open(
                root.resolve(absolute.substring(1)), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                file.write(bytes, position + bytes.position());
            }
        }
    }

    private static byte[] page(long word) {
        ByteBuffer page = ByteBuffer.allocate(PAGE_SIZE);
        while (page.hasRemaining()) {
            page.putLong(word);
        }
        return page.array();
    }

    private static byte[] text(String of) {
        byte[] page = new byte[PAGE_SIZE];
        for (int i = 0; i < PAGE_SIZE; i++) {
            page[i] = (byte) of.charAt(i % of.length());
        }
        return page;
    }

    private static byte[] noise(long seed) {
        byte[] page = new byte[PAGE_SIZE];
        new Random(seed).nextBytes(page);
        return page;
    }

    private static String figures(JsonObject found, String... members) {
        return String.join(
                " ",
                Arrays.stream(members)
                        .map(member -> found.get(member).toString())
                        .toList());
    }

    private Run analyze(String... options) {
        String[] all = Arrays.copyOf(options, options.length + 2);
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = "analyze";
        all[all.length - 1] = tree.option();
        return Run.of(new RzscontrolCommand(), all);
    }

    private static JsonObject json(Run run) {
        assertThat(run.status()).as(run.err()).isZero();
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }
}

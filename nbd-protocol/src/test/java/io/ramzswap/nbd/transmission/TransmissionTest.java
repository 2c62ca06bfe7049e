package io.ramzswap.nbd.transmission;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.SessionFailure;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.TestServer;
import io.ramzswap.nbd.TransmissionFlag;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TransmissionTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int DISC = 2;
    private static final int FLUSH = 3;
    private static final int TRIM = 4;
    private static final int CACHE = 5;
    private static final int WRITE_ZEROES = 6;
    private static final int FUA = 1;

    private static final int SIZE = 4 << 20;

    private MemoryExport export = new MemoryExport(SIZE, 4096);
    private TestServer server;
    private TestClient client;

    @AfterEach
    void disconnect() throws IOException {
        if (client != null) {
            client.close();
            server.close();
            assertThat(export.openSessions).hasValue(0);
        }
    }

    private void connect() throws IOException {
        server = TestServer.of(export);
        client = server.connect().go();
    }

    @Test
    void shouldReadWhatWasWritten() throws IOException {
        connect();
        final byte[] payload = random(8192);

        assertThat(client.write(0, 4096, payload)).isZero();

        assertThat(client.read(4096, 8192)).isEqualTo(payload);
        assertThat(client.read(0, 4096)).containsOnly(0);
    }

    @Test
    void shouldServeRequestsLongerThanItsBuffers() throws IOException {
        export = new MemoryExport(SIZE, 4096);
        connect();
        final byte[] payload = random(SIZE);

        assertThat(client.write(FUA, 0, payload)).isZero();

        assertThat(export.bytes).isEqualTo(payload);
        assertThat(client.read(0, SIZE)).isEqualTo(payload);
    }

    @Test
    void shouldStreamTheLongestRequestAndRefuseALongerOne() throws IOException {
        final int longest = BlockSize.LONGEST_PAYLOAD;
        export = new MemoryExport(
                "test", longest + 4096, MemoryExport.ALL_FLAGS, new BlockSize(4096, 4096, BlockSize.LONGEST_PAYLOAD));
        connect();
        final byte[] payload = random(longest);

        assertThat(client.write(0, 0, payload)).isZero();

        assertThat(Arrays.mismatch(client.read(0, longest), payload)).isEqualTo(-1);
        assertThat(client.write(0, 0, new byte[longest + 4096])).isEqualTo(NbdError.EINVAL);
        assertThat(client.exchange(0, READ, 0, longest + 4096)).isEqualTo(NbdError.EINVAL);
        assertThat(Arrays.mismatch(client.read(0, longest), payload)).isEqualTo(-1);
    }

    /** What waits for a disk, say, does not hold up the answers before it. */
    @ParameterizedTest
    @ValueSource(ints = {READ, WRITE})
    void shouldAnswerWhatIsDoneBeforeItWaits(int type) throws IOException {
        connect();
        export.bytes[100] = 42;
        export.farByte = 8192;
        client.send(TestClient.bytes(out -> {
            out.write(TestClient.request(0, READ, 1, 0, 4096));
            out.write(TestClient.request(0, type, 2, 8192, 4096));
            out.write(new byte[type == WRITE ? 4096 : 0]);
            out.write(TestClient.request(0, FLUSH, 3, 0, 0));
        }));

        assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, 1));
        assertThat(client.readBytes(4096)[100]).isEqualTo((byte) 42);
        assertThat(export.flushes).as("the third waits with the second").hasValue(0);

        export.arrival.countDown();
        assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, 2));
        client.readBytes(type == READ ? 4096 : 0);
        assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, 3));
    }

    @Test
    void shouldTakeAWriteByteByByte() throws IOException {
        connect();
        final byte[] payload = random(4096);
        final byte[] header = TestClient.request(0, WRITE, 7, 8192, 4096);

        for (byte[] part : new byte[][] {header, payload}) {
            for (byte b : part) {
                client.send(new byte[] {b});
            }
        }

        assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, 7));
        assertThat(Arrays.copyOfRange(export.bytes, 8192, 12288)).isEqualTo(payload);
    }

    @Test
    void shouldAnswerManyRequestsSentAtOnce() throws IOException {
        connect();
        client.send(out -> {
            for (int i = 0; i < 5000; i++) {
                out.write(TestClient.request(0, FLUSH, i, 0, 0));
            }
        });

        for (int i = 0; i < 5000; i++) {
            assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, i));
        }
        assertThat(export.flushes).hasValue(5000);
    }

    @ParameterizedTest
    @ValueSource(ints = {TRIM, WRITE_ZEROES})
    void shouldClearARange(int command) throws IOException {
        Arrays.fill(export.bytes, (byte) 7);
        connect();

        assertThat(client.exchange(0, command, 4096, 8192)).isZero();

        assertThat(Arrays.copyOfRange(export.bytes, 4096, 12288)).containsOnly(0);
        assertThat(export.bytes[4095]).isEqualTo((byte) 7);
        assertThat(export.bytes[12288]).isEqualTo((byte) 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {WRITE, TRIM, WRITE_ZEROES})
    void shouldFlushBeforeAnsweringAFuaRequest(int command) throws IOException {
        connect();
        final int error =
                command == WRITE ? client.write(FUA, 0, new byte[4096]) : client.exchange(FUA, command, 0, 4096);
        assertThat(error).isZero();
        assertThat(export.flushes).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {READ, FLUSH})
    void shouldTakeFuaOnEveryCommand(int command) throws IOException {
        connect();
        assertThat(client.exchange(FUA, command, 0, 0)).isZero();
    }

    @ParameterizedTest(name = "{0} at {1} of {2} bytes is refused with {3}")
    @CsvSource({
        // past the end
        "0, 4194304, 4096, 22",
        "0, 4190208, 8192, 22",
        "4, 4190208, 8192, 22",
        "6, 4190208, 8192, 28",
        "0, 4294967296, 4096, 22",
        // sums that overflow
        "0, 9223372036854771712, 4096, 22",
        "0, -4096, 4096, 22",
        "4, -4096, 8192, 22",
        "6, -4096, 4294963200, 28",
        "6, 9223372036854771712, 4294963200, 28",
        // lengths of 2^31 and close to 2^32
        "0, 0, 2147483648, 22",
        "4, 0, 4294963200, 22",
        "6, 0, 4294963200, 28",
        // not aligned
        "0, 1, 4096, 22",
        "0, 0, 1, 22",
        "4, 512, 4096, 22",
        "6, 4096, 4095, 22",
    })
    void shouldRefuseARangeAndGoOn(int command, long offset, long length, int error) throws IOException {
        connect();
        assertThat(client.exchange(0, command, offset, length)).isEqualTo(error);
        assertThat(export.invalid).hasValue(1);
        assertThat(client.read(0, 4096)).hasSize(4096);
    }

    @ParameterizedTest
    @CsvSource({"4190208, 8192, 28", "4194304, 4096, 28", "-4096, 4096, 28", "1, 4096, 22", "0, 100, 22"})
    void shouldDrainARefusedWriteAndGoOn(long offset, int length, int error) throws IOException {
        connect();
        assertThat(client.write(0, offset, random(length))).isEqualTo(error);
        assertThat(export.invalid).hasValue(1);
        assertThat(export.writes).hasValue(0);
        assertThat(client.read(0, SIZE)).containsOnly(0);
    }

    @Test
    void shouldDrainTheRestOfAWriteThatFailsHalfWay() throws IOException {
        connect();
        export.badByte = 1 << 20;

        assertThat(client.write(0, 0, random(2 << 20))).isEqualTo(NbdError.ENOSPC);

        assertThat(client.exchange(0, FLUSH, 0, 0)).isZero();
    }

    @Test
    void shouldGiveUpTheRestOfAWriteThatFailsHalfWay() throws IOException {
        connect();
        export.badByte = 4096;

        assertThat(client.write(0, 0, random(2 << 20))).isEqualTo(NbdError.ENOSPC);

        final byte[] rest = Arrays.copyOfRange(export.bytes, 4096, 2 << 20);
        assertThat(rest).containsOnly(MemoryExport.LOST);
        assertThat(export.bytes[2 << 20]).isZero();
    }

    @Test
    void shouldCloseOnARefusedWriteOfGigabytes() throws IOException {
        connect();
        client.send(TestClient.request(0, WRITE, 5, 0, 0xFFFFF000L));
        assertThat(client.readReply()).isEqualTo(new TestClient.Reply(NbdError.ENOSPC, 5));
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void shouldRefusePayloadsOverTheMaximum() throws IOException {
        export = new MemoryExport("test", SIZE, MemoryExport.ALL_FLAGS, new BlockSize(4096, 4096, 1 << 20));
        connect();
        assertThat(client.exchange(0, READ, 0, 2 << 20)).isEqualTo(NbdError.EINVAL);
        assertThat(client.write(0, 0, new byte[2 << 20])).isEqualTo(NbdError.EINVAL);
        assertThat(client.exchange(0, WRITE_ZEROES, 0, 2 << 20)).isZero();
    }

    @ParameterizedTest(name = "command {0} with flags {1}")
    @CsvSource({"5, 0", "7, 0", "8, 0", "99, 0", "65535, 0", "0, 2", "0, 4", "1, 2", "3, 2", "4, 2", "6, 16", "6, 32768"
    })
    void shouldRefuseAnUnknownCommandOrFlagAndGoOn(int command, int flags) throws IOException {
        connect();
        assertThat(client.exchange(flags, command, 0, 0)).isEqualTo(NbdError.EINVAL);
        assertThat(client.exchange(0, FLUSH, 0, 0)).isZero();
        assertThat(export.invalid).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {FLUSH, TRIM, WRITE_ZEROES, CACHE})
    void shouldRefuseWhatTheExportDoesNotOffer(int command) throws IOException {
        export = new MemoryExport("test", SIZE, 0, new BlockSize(1, 4096, 1 << 20));
        connect();
        assertThat(client.exchange(0, command, 0, 0)).isEqualTo(NbdError.EINVAL);
        assertThat(client.exchange(FUA, READ, 0, 0)).isEqualTo(NbdError.EINVAL);
        assertThat(client.exchange(0, READ, 0, 0)).isZero();
    }

    @Test
    void shouldRefuseToChangeAReadOnlyExport() throws IOException {
        export = new MemoryExport("test", SIZE, TransmissionFlag.READ_ONLY, new BlockSize(1, 4096, 1 << 20));
        connect();
        assertThat(client.write(0, 0, new byte[5000])).isEqualTo(NbdError.EPERM);
        assertThat(client.exchange(0, TRIM, 0, 4096)).isEqualTo(NbdError.EPERM);
        assertThat(client.exchange(0, WRITE_ZEROES, 0, 4096)).isEqualTo(NbdError.EPERM);
        assertThat(client.read(0, 100)).hasSize(100);
    }

    @Test
    void shouldOfferCacheWhereTheExportDoes() throws IOException {
        export = new MemoryExport("test", SIZE, TransmissionFlag.SEND_CACHE, new BlockSize(1, 4096, 1 << 20));
        connect();
        assertThat(client.exchange(0, CACHE, 0, 4096)).isZero();
        assertThat(client.exchange(0, CACHE, SIZE, 1)).isEqualTo(NbdError.EINVAL);
    }

    @ParameterizedTest
    @ValueSource(ints = {READ, WRITE, TRIM, WRITE_ZEROES})
    void shouldTakeALengthOfZero(int command) throws IOException {
        connect();
        assertThat(client.exchange(0, command, SIZE, 0)).isZero();
        assertThat(export.writes).hasValue(0);
        assertThat(export.trims).hasValue(0);
    }

    @Test
    void shouldRefuseAFlushOfARange() throws IOException {
        connect();
        assertThat(client.exchange(0, FLUSH, 0, 4096)).isEqualTo(NbdError.EINVAL);
        assertThat(export.flushes).hasValue(0);
    }

    @Test
    void shouldTellAReadErrorWithoutSendingData() throws IOException {
        connect();
        export.badByte = 5000;
        assertThat(client.exchange(0, READ, 4096, 4096)).isEqualTo(NbdError.EIO);
        assertThat(client.exchange(0, FLUSH, 0, 0)).isZero();
    }

    @Test
    void shouldCloseOnAReadErrorFoundAfterTheHeaderWasSent() throws IOException {
        connect();
        export.badByte = 1 << 20;
        client.send(TestClient.request(0, READ, 3, 0, 2 << 20));
        assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, 3));
        assertThat(client.in.readAllBytes().length).isLessThan(1 << 20);
    }

    @Test
    void shouldAnswerWhatCameBeforeADisconnect() throws IOException {
        connect();
        client.send(out -> {
            out.write(TestClient.request(0, FLUSH, 1, 0, 0));
            out.write(TestClient.request(0, DISC, 2, 0, 0));
            out.write(TestClient.request(0, FLUSH, 3, 0, 0));
        });
        assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, 1));
        assertThat(client.isClosedByServer()).isTrue();
        assertThat(export.flushes).hasValue(1);
    }

    @Test
    void shouldNeverResynchroniseAfterAWrongMagic() throws IOException {
        connect();
        client.send(out -> {
            out.write(TestClient.request(0, FLUSH, 1, 0, 0));
            out.write(new byte[28]);
            out.write(TestClient.request(0, FLUSH, 3, 0, 0));
        });
        assertThat(client.readReply()).isEqualTo(new TestClient.Reply(0, 1));
        assertThat(client.isClosedByServer()).isTrue();
        assertThat(export.flushes).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 27, 28, 29, 4096, 28 + 4096, 28 + 8191})
    void shouldSurviveADisconnectInTheMiddleOfAWrite(int bytes) throws IOException {
        connect();
        final byte[] message = TestClient.bytes(out -> {
            out.write(TestClient.request(0, WRITE, 1, 4096, 8192));
            out.write(new byte[8192]);
        });
        client.send(Arrays.copyOf(message, bytes));
        client.close();
        client = server.connect().go();
        assertThat(client.write(0, 0, new byte[4096])).isZero();
    }

    private static byte[] random(int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static Stream<Throwable> breakdowns() {
        return Stream.of(
                new ArrayIndexOutOfBoundsException("meant to be"),
                new OutOfMemoryError("meant to be"),
                new StackOverflowError("meant to be"),
                new InternalError("meant to be"));
    }

    /** The stream stays in step, too: the payload of a write is consumed. */
    @ParameterizedTest
    @MethodSource("breakdowns")
    void shouldAnswerWithAnErrorAndGoOnWhenTheExportBreaksDown(Throwable breakdown) throws IOException {
        connect();
        final byte[] payload = random(SIZE / 2);
        export.breakdown = breakdown;
        export.brokenByte = 8192;
        for (int i = 0; i < 3; i++) {
            assertThat(client.exchange(0, TRIM, 8192, 4096)).isEqualTo(NbdError.EIO);
            assertThat(client.exchange(0, WRITE_ZEROES, 8192, 4096)).isEqualTo(NbdError.EIO);
            client.send(TestClient.request(0, READ, 9, 8192, 4096));
            assertThat(client.readReply()).isEqualTo(new TestClient.Reply(NbdError.EIO, 9));
            assertThat(client.write(0, 0, payload)).isEqualTo(NbdError.EIO);
        }
        assertThat(Arrays.copyOfRange(export.bytes, 8192, payload.length))
                .as("no block is as it was before")
                .containsOnly(MemoryExport.LOST);

        export.brokenByte = -1;
        assertThat(client.write(0, 0, payload)).isZero();
        assertThat(client.read(0, payload.length)).isEqualTo(payload);
        assertThat(server.takeEscaped())
                .singleElement()
                .satisfies(told ->
                        assertThat(told).isInstanceOf(SessionFailure.class).hasCause(breakdown));
    }
}

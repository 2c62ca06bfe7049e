package io.ramzswap.nbd.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramzswap.nbd.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules of the NBD protocol document, row by row, for this server, for nbdkit and qemu-nbd where they are installed, and
 * for any other: with {@code -Dramzswap.conformance.command="SERVER --unix {socket}"}.
 *
 * <p>Where a server is known to break a rule, its row says why and fails once the server has mended its ways.
 */
class ConformanceTest {
    /** Not a measure of anything: a server that answers nothing must not hold up the others. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String OTHER = System.getProperty("ramzswap.conformance.command", "");

    @TestFactory
    Stream<DynamicTest> shouldBeKeptByThisServer() {
        return rows(new OurPeer());
    }

    @TestFactory
    Stream<DynamicTest> shouldBeKeptByNbdkit() {
        assumeTrue(Tool.isInstalled("nbdkit"), "nbdkit is not installed");
        // With more than one thread a connection, a DISC may overtake requests, which then end with ESHUTDOWN: at
        // times.
        return rows(new SpawnedPeer(
                List.of("nbdkit", "--foreground", "--threads=1", "--unix", "{socket}", "memory", "1M"),
                "--readonly",
                KnownDisagreements.OF_NBDKIT));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeKeptByQemuNbd() {
        assumeTrue(Tool.isInstalled("qemu-nbd"), "qemu-nbd is not installed");
        return rows(new SpawnedPeer(
                List.of(
                        "qemu-nbd",
                        "--persistent",
                        "--shared=0",
                        "--format=raw",
                        "--discard=unmap",
                        "--detect-zeroes=unmap",
                        "--socket={socket}",
                        "{file}"),
                "--read-only",
                KnownDisagreements.OF_QEMU));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeKeptByAnyOther() {
        assumeTrue(!OTHER.isEmpty(), "no -Dramzswap.conformance.command");
        return rows(new SpawnedPeer(List.of(OTHER.split(" ", -1)), "--read-only", Map.of()));
    }

    private static Stream<DynamicTest> rows(Peer peer) {
        final List<DynamicTest> tests = new ArrayList<>();
        tests.addAll(rows(peer, HandshakeRows.ALL, false));
        tests.addAll(rows(peer, TransmissionRows.ALL, false));
        tests.addAll(rows(peer, ChunkRows.ALL, false));
        tests.addAll(rows(peer, TransmissionRows.READ_ONLY, true));
        final List<String> names =
                tests.stream().map(DynamicTest::getDisplayName).toList();
        assertThat(names)
                .as("disagreements are about rows")
                .containsAll(peer.disagreements().keySet());
        return tests.stream();
    }

    private static List<DynamicTest> rows(Peer peer, List<Row> rows, boolean readOnly) {
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(row.rule(), () -> check(peer, row, readOnly)))
                .toList();
    }

    private static void check(Peer peer, Row row, boolean readOnly) throws Exception {
        try (Peer.Running server = peer.start(readOnly)) {
            final Callable<Boolean> check = () -> {
                row.check().on(server);
                return true;
            };
            final String known = peer.disagreements().get(row.rule());
            if (known == null) {
                Assertions.assertTimeoutPreemptively(PATIENCE, check::call);
            } else {
                assertThat(isKept(check)).as("known to differ: " + known).isFalse();
            }
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static boolean isKept(Callable<Boolean> check) {
        try {
            return Assertions.assertTimeoutPreemptively(PATIENCE, check::call);
        } catch (Exception | AssertionError e) {
            return false;
        }
    }
}

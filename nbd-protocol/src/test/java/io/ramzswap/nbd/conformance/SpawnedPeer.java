package io.ramzswap.nbd.conformance;

import io.ramzswap.nbd.TestClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A server that a command starts; "{socket}" and "{file}", an empty file of the right size, are filled in. */
record SpawnedPeer(List<String> command, String readOnlyFlag, Map<String, String> disagreements) implements Peer {
    private static final int TRIES = 1000;
    private static final long PAUSE_MILLIS = 10;

    @Override
    public Running start(boolean readOnly) throws Exception {
        final Path directory = Files.createTempDirectory("peer");
        final Path socket = directory.resolve("s");
        final Path file = Files.write(directory.resolve("file"), new byte[SIZE]);
        final List<String> filled = Stream.concat(command.stream(), readOnly ? Stream.of(readOnlyFlag) : Stream.empty())
                .map(word -> word.replace("{socket}", socket.toString()).replace("{file}", file.toString()))
                .toList();
        final Process process = new ProcessBuilder(filled)
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        return new Running() {
            @Override
            public TestClient connect() throws IOException {
                for (int i = 0; ; i++) {
                    try {
                        return new TestClient(socket);
                    } catch (IOException e) {
                        // It has not come up yet.
                        if (i == TRIES || !process.isAlive()) {
                            throw e;
                        }
                        pause();
                    }
                }
            }

            @Override
            public void close() throws IOException {
                process.destroyForcibly().onExit().join();
                try (Stream<Path> left = Files.list(directory)) {
                    for (Path path : left.toList()) {
                        Files.delete(path);
                    }
                }
                Files.delete(directory);
            }
        };
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}

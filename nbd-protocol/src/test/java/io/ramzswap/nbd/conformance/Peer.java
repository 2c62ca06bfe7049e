package io.ramzswap.nbd.conformance;

import io.ramzswap.nbd.TestClient;
import java.io.IOException;
import java.util.Map;

/** A server under test: one export of 1 MiB, the default one, empty at first, of any alignment. */
interface Peer {
    int SIZE = 1 << 20;

    /** Starts it. */
    Running start(boolean readOnly) throws Exception;

    /** Rules that it is known to break, and why; it is checked that it still does. */
    default Map<String, String> disagreements() {
        return Map.of();
    }

    /** A server that runs. */
    interface Running extends AutoCloseable {
        TestClient connect() throws IOException;

        /** A client in the transmission phase, with simple replies. */
        default TestClient go() throws IOException {
            return connect().go();
        }

        @Override
        void close() throws IOException;
    }
}

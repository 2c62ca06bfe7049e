package io.ramzswap.nbd.conformance;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.ReadOnlyExport;
import io.ramzswap.nbd.TestClient;
import io.ramzswap.nbd.TestServer;
import io.ramzswap.nbd.TransmissionFlag;
import io.ramzswap.nbd.unaligned.UnalignedExport;
import java.io.IOException;

/** This library's server, over pages, with everything that it can offer. */
final class OurPeer implements Peer {
    private static final int FLAGS =
            MemoryExport.ALL_FLAGS | TransmissionFlag.SEND_CACHE | TransmissionFlag.SEND_FAST_ZERO;

    @Override
    public Running start(boolean readOnly) throws IOException {
        final Export pages =
                UnalignedExport.of(new MemoryExport("test", SIZE, FLAGS, new BlockSize(4096, 4096, 32 << 20)));
        final TestServer server = TestServer.of(readOnly ? new ReadOnlyExport(pages) : pages);
        return new Running() {
            @Override
            public TestClient connect() throws IOException {
                return server.connect();
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
    }
}

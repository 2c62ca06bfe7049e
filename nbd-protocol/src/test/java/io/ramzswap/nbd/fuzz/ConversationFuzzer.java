package io.ramzswap.nbd.fuzz;

import io.ramzswap.nbd.Conversations;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.MemoryExport;
import io.ramzswap.nbd.ScriptedClient;
import io.ramzswap.nbd.server.NbdServer;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.unaligned.UnalignedExport;
import java.util.Arrays;
import java.util.Random;

/**
 * What a fuzzer calls: an input is a client. Its first byte chooses the device, its second how the rest is cut up on the
 * way; the rest is what the client says.
 *
 * <p>Where an exception escapes, a connection stays open or a session is not given back, this throws.
 */
public final class ConversationFuzzer {
    private static final int PREFIX = 2;

    private static final MemoryExport WHOLE_BLOCKS = new MemoryExport(Conversations.DEVICE_BYTES, 512);
    private static final MemoryExport UNDER_ANY_ALIGNMENT = new MemoryExport(Conversations.DEVICE_BYTES, 4096);
    private static final MemoryExport[] DEVICES = {WHOLE_BLOCKS, UNDER_ANY_ALIGNMENT};
    private static final NbdServer[] SERVERS = {
        server(WHOLE_BLOCKS), server(UnalignedExport.of(UNDER_ANY_ALIGNMENT)),
    };

    private ConversationFuzzer() {}

    /** By this name the fuzzer finds it. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < PREFIX) {
            return;
        }
        final int chosen = input[0] & 1;
        final ScriptedClient client =
                new ScriptedClient(Arrays.copyOfRange(input, PREFIX, input.length), new Random(input[1]));
        SERVERS[chosen].serve(client);
        check(client.isClosed(), "the connection is still open");
        check(DEVICES[chosen].openSessions.get() == 0, "the session was not given back");
        check(SERVERS[chosen].connections() == 0, "the server still counts a client");
    }

    private static NbdServer server(Export export) {
        return new NbdServer(ExportCatalog.of(export), ServerOptions.DEFAULT, Thread::new);
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalStateException(complaint);
        }
    }
}

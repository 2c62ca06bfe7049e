package io.ramzswap.nbd.example;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.server.NbdServer;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.server.UnixListener;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Serves a mebibyte on a Unix socket: {@code ServeByteArray PATH}, then {@code nbdinfo nbd+unix:///?socket=PATH}. */
public final class ServeByteArray implements Export, ExportSession {
    private final byte[] bytes = new byte[1 << 20];

    public static void main(String[] arguments) throws Exception {
        var server = new NbdServer(ExportCatalog.of(new ServeByteArray()), ServerOptions.DEFAULT, Thread::new);
        server.serve(UnixListener.listen(Path.of(arguments[0]), UnixListener.OWNER_ONLY));
    }

    @Override
    public long sizeBytes() {
        return bytes.length;
    }

    @Override
    public ExportSession open() {
        return this;
    }

    @Override
    public int read(long offset, int length, ByteBuffer destination, int position) {
        destination.put(position, bytes, (int) offset, length);
        return NbdError.OK;
    }

    @Override
    public int write(long offset, int length, ByteBuffer source, int position) {
        source.get(position, bytes, (int) offset, length);
        return NbdError.OK;
    }
}

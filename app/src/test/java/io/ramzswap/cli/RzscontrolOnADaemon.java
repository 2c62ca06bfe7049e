package io.ramzswap.cli;

import io.ramzswap.attach.FakePoint;
import io.ramzswap.backing.SwapFile;
import io.ramzswap.control.ControlServer;
import io.ramzswap.daemon.DaemonControl;
import io.ramzswap.daemon.DeviceRegistry;
import io.ramzswap.daemon.FakeStores;
import io.ramzswap.daemon.SettingsPolicy;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with one device that can be attached, and rzscontrol. */
abstract class RzscontrolOnADaemon {
    static final String DEVICE = "/dev/nbd0";
    static final String TO_BEGIN_ANEW = "; to begin anew, swapoff it and run rzscontrol /dev/nbd0 --reset";

    final FakePoint point = new FakePoint(DEVICE);
    final FakeStores stores = new FakeStores();

    @TempDir
    Path directory;

    final Path onDisk = SwapFile.directory();
    ControlServer server;

    @BeforeEach
    void startServer() throws IOException {
        DeviceRegistry devices = new DeviceRegistry(this::find, stores, new SettingsPolicy(1 << 30));
        server = ControlServer.start(socket(), new DaemonControl(devices, List::of, CpuLatency.ANY));
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
        Files.deleteIfExists(onDisk.resolve("swap"));
        Files.delete(onDisk);
    }

    private FakePoint find(String name) throws OperationException {
        if (!name.equals(DEVICE)) {
            throw new OperationException(Refusal.NO_DEVICE, "no device " + name);
        }
        return point;
    }

    final Path socket() {
        return directory.resolve("control.sock");
    }

    final Run rzscontrol(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--control=" + socket());
        return Run.of(new RzscontrolCommand(), all.toArray(String[]::new));
    }
}

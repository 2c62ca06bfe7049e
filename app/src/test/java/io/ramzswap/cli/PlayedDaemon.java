package io.ramzswap.cli;

import io.ramzswap.attach.FakePoint;
import io.ramzswap.control.ControlServer;
import io.ramzswap.daemon.DaemonControl;
import io.ramzswap.daemon.DeviceRegistry;
import io.ramzswap.daemon.FakeStores;
import io.ramzswap.daemon.SettingsPolicy;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A daemon behind a real control socket, whose devices hold nothing; and rzscontrol, which talks to it. */
final class PlayedDaemon implements AutoCloseable {
    private final Path socket;
    private final Map<String, FakePoint> points;
    private final ControlServer server;
    private final FakeStores stores = new FakeStores();

    /** A daemon that has these devices, none of them initialised. */
    PlayedDaemon(Path directory, String... devices) throws IOException {
        this(directory, CpuLatency.ANY, devices);
    }

    /** One that asks for processors that wake so quickly. */
    PlayedDaemon(Path directory, CpuLatency cpuLatency, String... devices) throws IOException {
        socket = directory.resolve("control.sock");
        points = Arrays.stream(devices).collect(Collectors.toMap(Function.identity(), FakePoint::new));
        server = ControlServer.start(
                socket,
                new DaemonControl(
                        new DeviceRegistry(this::find, stores, new SettingsPolicy(1 << 30)), List::of, cpuLatency));
    }

    private FakePoint find(String name) throws OperationException {
        if (!points.containsKey(name)) {
            throw new OperationException(Refusal.NO_DEVICE, "no device " + name);
        }
        return points.get(name);
    }

    /** What its devices hold. */
    FakeStores stores() {
        return stores;
    }

    /** Where one of its devices is attached. */
    FakePoint point(String device) {
        return points.get(device);
    }

    Path socket() {
        return socket;
    }

    /** Runs rzscontrol with these arguments and this daemon's socket. */
    Run rzscontrol(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--control=" + socket);
        return Run.of(new RzscontrolCommand(), all.toArray(String[]::new));
    }

    @Override
    public void close() {
        server.close();
    }
}

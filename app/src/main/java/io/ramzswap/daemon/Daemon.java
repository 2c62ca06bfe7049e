package io.ramzswap.daemon;

import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.attach.listen.ListenOptions;
import io.ramzswap.attach.listen.ListeningDevices;
import io.ramzswap.control.ControlServer;
import io.ramzswap.control.ControlSocketException;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.process.ServiceManager;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import io.ramzswap.shortage.ShortageWatch;
import io.ramzswap.swap.SwapAreas;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon from its start to its stop, which it refuses while a device is in use. Thread-safe. */
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final DaemonOptions options;
    private final AttachmentPoint.Finder kernelDevices;
    private final DeviceRegistry devices;
    private final ConfiguredDevices configured;
    private final ThreadFactory threads;
    private final CpuLatency cpuLatency;
    private final Supervision supervision;
    private final DeviceWatch deviceWatch;
    private final Optional<ShortageWatch> shortageWatch;
    /** Why the thread that waits for the stop is to reload; it stops at one without a reason. */
    private final BlockingQueue<Optional<String>> reloads = new LinkedBlockingQueue<>();

    private volatile Optional<ListeningDevices> listening = Optional.empty();
    private Optional<ControlServer> control = Optional.empty();

    /**
     * Not yet started.
     *
     * @param cpuLatency what Linux is asked for while clients' requests follow one another closely
     * @param manager is told when it serves, that it still does, and when it stops
     * @param watching makes the thread that sees whether it still does
     * @param shortageWatch ends a standstill of the host; closed with the daemon
     * @param swapAreas makes configured devices swap
     */
    public Daemon(
            DaemonOptions options,
            AttachmentPoint.Finder kernelDevices,
            Store.Factory stores,
            SettingsPolicy policy,
            ThreadFactory threads,
            CpuLatency cpuLatency,
            Optional<ServiceManager> manager,
            ThreadFactory watching,
            Optional<ShortageWatch> shortageWatch,
            SwapAreas swapAreas) {
        this.options = options;
        this.kernelDevices = kernelDevices;
        this.devices = new DeviceRegistry(this::find, stores, policy, listeningSettings(options));
        this.configured = new ConfiguredDevices(options.configuration(), devices, swapAreas);
        this.threads = threads;
        this.cpuLatency = cpuLatency;
        this.supervision = new Supervision(devices, manager, watching);
        this.deviceWatch = new DeviceWatch(devices, threads);
        this.shortageWatch = shortageWatch;
    }

    /**
     * Starts it. When only a part of what it was told can be had, and a device of that part is in use already, it serves on and
     * says so in the log: to end would take the memory of those who swapped out to it.
     *
     * @throws OperationException if something it was told to serve on cannot be had; nothing is left behind
     */
    public synchronized void start() throws OperationException {
        try {
            if (options.listen().isPresent()) {
                listen(options.listen().get());
            }
            if (options.control().isPresent()) {
                control = Optional.of(startControl(options.control().get()));
            }
            configured.start();
        } catch (OperationException | RuntimeException | Error e) {
            if (undone(e)) {
                throw e;
            }
        }
        shortageWatch.ifPresent(watch -> watch.begin(devices));
        supervision.begin();
        deviceWatch.begin();
    }

    private boolean undone(Throwable failure) {
        try {
            devices.stop();
        } catch (OperationException e) {
            LOG.error("not all is as it was to be: {}; going on, for {}", failure.getMessage(), e.getMessage());
            return false;
        }
        control.ifPresent(ControlServer::abandon);
        listening.ifPresent(ListeningDevices::close);
        return true;
    }

    /**
     * Has the configuration, or the TLS certificate of a listening daemon, read again, and applied what can be applied while devices
     * are in use. That is left to the thread in {@link #awaitStop}, because the thread that attaches a device has to stay, and a
     * signal's thread does not.
     *
     * @param why for the log, which has what came of it
     */
    public void requestReload(String why) {
        reloads.add(Optional.of(why));
    }

    private void reload(String why) {
        try {
            reload();
        } catch (OperationException e) {
            LOG.error("{}: not reloaded, nothing was changed: {}", why, e.getMessage());
        } catch (RuntimeException | Error e) {
            // An error, too: this thread has attached the devices, and the kernel takes them for left behind when it
            // ends.
            LOG.error("{}: reloading failed", why, e);
        }
    }

    private List<String> reload() throws OperationException {
        if (listening.isPresent()) {
            String told = listening.get().reloadTls();
            LOG.info("{}", told);
            return List.of(told);
        }
        List<String> told = configured.reload();
        LOG.info("the configuration is read again");
        told.forEach(LOG::warn);
        return told;
    }

    /** Waits for its stop, and does what is {@linkplain #requestReload requested} meanwhile. For the thread that started it. */
    public void awaitStop() throws InterruptedException {
        Optional<String> why = reloads.take();
        while (why.isPresent()) {
            reload(why.get());
            why = reloads.take();
        }
    }

    /**
     * Takes all devices down and stops; or, while one is in use, says so in the log and goes on.
     *
     * @param why for the log
     * @return whether it stopped
     */
    public synchronized boolean requestStop(String why) {
        try {
            devices.stop();
        } catch (OperationException e) {
            LOG.error("{}: not stopping, still serving: {}", why, e.getMessage());
            return false;
        } catch (RuntimeException e) {
            LOG.error("{}: stopping failed", why, e);
            return false;
        }
        supervision.end();
        deviceWatch.end();
        shortageWatch.ifPresent(ShortageWatch::close);
        closeSockets();
        LOG.info("{}: stopped", why);
        reloads.add(Optional.empty());
        return true;
    }

    private AttachmentPoint find(String deviceName) throws OperationException {
        Optional<AttachmentPoint> point = listening.stream()
                .flatMap(served -> served.points().stream())
                .filter(candidate -> candidate.name().equals(deviceName))
                .findFirst();
        if (point.isEmpty() && listening.isPresent() && !deviceName.startsWith("/")) {
            throw new OperationException(
                    Refusal.NO_DEVICE, "no device " + deviceName + ": this daemon has " + names(listening.get()));
        }
        return point.isPresent() ? point.get() : kernelDevices.find(deviceName);
    }

    private static String names(ListeningDevices served) {
        return served.points().stream().map(AttachmentPoint::name).collect(Collectors.joining(", "));
    }

    private void listen(ListenOptions how) throws OperationException {
        ListeningDevices served = ListeningDevices.open(how, cpuLatency, threads);
        listening = Optional.of(served);
        RequestedSettings settings = listeningSettings(options);
        devices.requireMemory(Collections.nCopies(served.points().size(), settings));
        for (AttachmentPoint point : served.points()) {
            devices.init(point.name(), settings).forEach(LOG::warn);
            LOG.info(
                    "{} has {} kB",
                    point.name(),
                    devices.statistics(point.name()).diskSizeBytes() >> 10);
        }
        served.serve(() -> requestStop("the client has gone"));
        LOG.info("serving on {}", String.join(", ", served.addresses()));
    }

    private static RequestedSettings listeningSettings(DaemonOptions options) {
        return new RequestedSettings(options.device());
    }

    private ControlServer startControl(Path socket) throws OperationException {
        try {
            ControlServer server = ControlServer.start(socket, new DaemonControl(devices, this::reload, cpuLatency));
            LOG.info("controlled through {}", socket);
            return server;
        } catch (ControlSocketException e) {
            throw new OperationException(e.code(), e.getMessage(), e);
        }
    }

    private void closeSockets() {
        control.ifPresent(ControlServer::close);
        listening.ifPresent(ListeningDevices::close);
    }
}

package io.ramzswap.daemon;

import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.attach.OperationException;
import io.ramzswap.attach.listen.ListeningPoint;
import io.ramzswap.control.ControlServer;
import io.ramzswap.control.ControlSocketException;
import io.ramzswap.control.ErrorCode;
import io.ramzswap.nbd.server.AddressInUseException;
import io.ramzswap.nbd.server.UnixListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon from its start to its stop, which it refuses while a device is in use. Thread-safe. */
public final class Daemon {
    /** The device that is served on a listening socket. */
    public static final String LISTENING_DEVICE = "rz0";

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final DaemonOptions options;
    private final AttachmentPoint.Finder kernelDevices;
    private final DeviceRegistry devices;
    private final ThreadFactory threads;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Optional<ListeningPoint> listening = Optional.empty();
    private Optional<ControlServer> control = Optional.empty();

    /** Not yet started. */
    public Daemon(
            DaemonOptions options,
            AttachmentPoint.Finder kernelDevices,
            Store.Factory stores,
            SettingsPolicy policy,
            ThreadFactory threads) {
        this.options = options;
        this.kernelDevices = kernelDevices;
        this.devices = new DeviceRegistry(this::find, stores, policy);
        this.threads = threads;
    }

    /**
     * Starts it.
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
        } catch (OperationException | RuntimeException e) {
            closeSockets();
            devices.stop();
            throw e;
        }
    }

    /** Waits for its stop. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
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
        closeSockets();
        LOG.info("{}: stopped", why);
        stopped.countDown();
        return true;
    }

    private AttachmentPoint find(String deviceName) throws OperationException {
        Optional<ListeningPoint> point = listening.filter(p -> p.name().equals(deviceName));
        return point.isPresent() ? point.get() : kernelDevices.find(deviceName);
    }

    private void listen(Path socket) throws OperationException {
        ListeningPoint point = ListeningPoint.serve(LISTENING_DEVICE, bind(socket), threads);
        listening = Optional.of(point);
        if (options.memLimitBytes().isPresent()) {
            devices.setMemLimit(point.name(), options.memLimitBytes().getAsLong());
        }
        if (options.diskSizeBytes().isPresent()) {
            devices.setDiskSize(point.name(), options.diskSizeBytes().getAsLong());
        }
        if (options.allocator().isPresent()) {
            devices.setAllocator(point.name(), options.allocator().get());
        }
        devices.init(point.name()).forEach(LOG::warn);
        LOG.info(
                "{} ({} kB) is served on unix:{}",
                point.name(),
                devices.statistics(point.name()).diskSizeBytes() >> 10,
                socket);
    }

    private static UnixListener bind(Path socket) throws OperationException {
        try {
            return UnixListener.listen(socket, UnixListener.OWNER_ONLY);
        } catch (AddressInUseException e) {
            throw new OperationException(ErrorCode.BUSY, e.getMessage(), e);
        } catch (IOException e) {
            throw new OperationException(ErrorCode.INTERNAL, e.getMessage(), e);
        }
    }

    private ControlServer startControl(Path socket) throws OperationException {
        try {
            ControlServer server = ControlServer.start(socket, new DaemonControl(devices));
            LOG.info("controlled through {}", socket);
            return server;
        } catch (ControlSocketException e) {
            throw new OperationException(e.code(), e.getMessage(), e);
        }
    }

    private void closeSockets() {
        control.ifPresent(ControlServer::close);
        listening.ifPresent(ListeningPoint::close);
    }
}

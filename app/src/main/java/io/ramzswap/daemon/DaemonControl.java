package io.ramzswap.daemon;

import io.ramzswap.control.ControlHandler;
import io.ramzswap.control.ControlReply;
import io.ramzswap.control.ControlRequest;
import io.ramzswap.nbd.transport.CpuLatency;
import io.ramzswap.process.CpuLatencyStatistics;
import io.ramzswap.process.ProcessInspector;
import io.ramzswap.process.ProcessStatistics;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what is asked for over the control socket. */
public final class DaemonControl implements ControlHandler {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonControl.class);

    private final DeviceRegistry devices;
    private final Reload reload;
    private final CpuLatency cpuLatency;

    /** What reads the configuration again. */
    @FunctionalInterface
    public interface Reload {
        /** Answers what was applied, and what cannot be while the devices are in use. */
        List<String> run() throws OperationException;
    }

    /**
     * Over these devices.
     *
     * @param cpuLatency what Linux is asked for while requests follow one another closely
     */
    public DaemonControl(DeviceRegistry devices, Reload reload, CpuLatency cpuLatency) {
        this.devices = devices;
        this.reload = reload;
        this.cpuLatency = cpuLatency;
    }

    @Override
    public ControlReply handle(ControlRequest request) {
        try {
            return carryOut(request);
        } catch (OperationException e) {
            LOG.debug("{} of {} was refused: {}", request.operation(), request.device(), e.getMessage());
            return ControlReply.failed(e.code(), e.getMessage());
        }
    }

    private ControlReply carryOut(ControlRequest request) throws OperationException {
        String device = request.device();
        switch (request.operation()) {
            case SET, WRITE_BACK, INIT, RESET, TOGETHER -> {
                return ControlReply.done(change(device, DeviceRequests.of(request)));
            }
            case STATS -> {
                return ControlReply.of(devices.statistics(device), devices.swapStatistics(device));
            }
            case LIST -> {
                return ControlReply.of(devices.list());
            }
            case RELOAD -> {
                return ControlReply.done(reload.run());
            }
            case PROCESS -> {
                return ControlReply.of(process());
            }
            default -> throw new IllegalStateException("an operation nobody carries out: " + request.operation());
        }
    }

    private List<String> change(String device, DeviceRequest request) throws OperationException {
        List<String> warnings = devices.carryOut(device, request);
        if (request.init()) {
            warnings.forEach(warning -> LOG.warn("{}: {}", device, warning));
            LOG.info("{} is initialised", device);
        }
        if (request.reset()) {
            LOG.info("{} is reset", device);
        }
        return warnings;
    }

    private ProcessStatistics process() throws OperationException {
        try {
            return new ProcessInspector()
                    .statistics()
                    .withCpuLatency(new CpuLatencyStatistics(
                            cpuLatency.micros().orElse(CpuLatencyStatistics.NO_LIMIT), cpuLatency.timesAsked()));
        } catch (IOException | NumberFormatException e) {
            throw new OperationException(
                    Refusal.INTERNAL, "what the kernel says of the daemon could not be read: " + e.getMessage(), e);
        }
    }
}

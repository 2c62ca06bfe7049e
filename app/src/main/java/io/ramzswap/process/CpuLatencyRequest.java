package io.ramzswap.process;

import io.ramzswap.host.Host;
import io.ramzswap.host.IdleStates;
import io.ramzswap.nbd.libc.LibcException;
import io.ramzswap.nbd.transport.CpuLatency;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the request for quick wake-ups that a setting speaks of, and says in the log what came of it. The daemon serves without
 * it, too, only more slowly; so nothing of this keeps it from starting.
 */
public final class CpuLatencyRequest {
    private static final Logger LOG = LoggerFactory.getLogger(CpuLatencyRequest.class);

    private final Path device;
    private final IdleStates idleStates;

    /** On this machine. */
    public CpuLatencyRequest() {
        this(CpuLatency.DEVICE, new IdleStates(Host.running()));
    }

    CpuLatencyRequest(Path device, IdleStates idleStates) {
        this.device = device;
        this.idleStates = idleStates;
    }

    /** {@link CpuLatency#ANY} where nothing is wanted, or can be had. */
    public CpuLatency open(CpuLatencySetting setting) {
        try {
            OptionalInt micros = setting.automatic() ? idleStates.latencyWorthAsking() : setting.micros();
            if (micros.isEmpty()) {
                LOG.debug(
                        "idle processors wake as they like: no state of theirs is to be chosen, or nobody wants that");
                return CpuLatency.ANY;
            }
            CpuLatency latency = CpuLatency.open(device, micros.getAsInt());
            LOG.debug("idle processors are to wake within {} us while requests are close", micros.getAsInt());
            return latency;
        } catch (LibcException e) {
            String text = "idle processors wake as they like, and requests wait for them: {}";
            if (setting.automatic()) {
                LOG.debug(text, e.getMessage());
            } else {
                LOG.warn(text + "; --cpu-latency takes root and a kernel with CONFIG_CPU_IDLE", e.getMessage());
            }
            return CpuLatency.ANY;
        }
    }
}

package io.ramzswap.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.process.CpuLatencyStatistics;
import io.ramzswap.process.MemoryCgroup;
import io.ramzswap.process.ProcessStatistics;
import org.junit.jupiter.api.Test;

class ControlCodecTest {
    private static final ProcessStatistics PROCESS = new ProcessStatistics(
            1, 2, 3, 4, 5, 6, 7, 8, new MemoryCgroup(9, 10, 11), new CpuLatencyStatistics(12, 13), "/");

    @Test
    void shouldUnderstandADaemonThatWasStartedBeforeAnUpgrade() throws MalformedMessageException {
        String line = ControlCodec.encode(ControlReply.of(PROCESS));
        String older = line.replaceAll(",\"cpuLatency\":\\{[^}]*}", "").replace(",\"controlGroup\":\"/\"", "");

        assertThat(older).isNotEqualTo(line);
        assertThat(ControlCodec.decodeReply(line).process()).contains(PROCESS);
        assertThat(ControlCodec.decodeReply(older).process())
                .contains(PROCESS.withCpuLatency(CpuLatencyStatistics.NONE));
    }
}

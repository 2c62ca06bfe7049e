package io.ramzswap.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.nbd.libc.Libc;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IoctlWayTest {
    private static final AttachWay.Geometry GEOMETRY = new AttachWay.Geometry(1 << 20, 4096, 1);

    private final IoctlWay way = new IoctlWay(
            Libc.system(),
            task -> {
                final Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            },
            KernelOptions.forSwap());

    @Test
    void shouldSayThatThereIsNoSuchDevice() {
        assertThatThrownBy(() -> way.connect(new KernelDevice(999_999), GEOMETRY, List.of()))
                .isInstanceOf(KernelException.class)
                .hasMessageStartingWith("there is no /dev/nbd999999: load the driver with more devices");
        assertThat(way.isConnected()).isFalse();
    }

    @Test
    void shouldFailWhateverGoesWrongInItsThread() {
        // Any exception that nobody thought of; here, that of a device that is none.
        assertThatThrownBy(() -> way.connect(null, GEOMETRY, List.of()))
                .hasRootCauseInstanceOf(NullPointerException.class);
    }
}

package io.ramzswap.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.device.DeviceException;
import io.ramzswap.device.DeviceSettings;
import io.ramzswap.device.Rehearsal;
import io.ramzswap.device.SlotFrees;
import io.ramzswap.device.TrimMode;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceStoreTest {
    private static final int PAGE = 4096;
    private static final long SIZE = 64 * PAGE;

    @Test
    void shouldLetFreedSlotsBeToldOfThePagesThatItsUsersWrote() throws DeviceException {
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE).put(17, (byte) 3);
        ByteBuffer seen = ByteBuffer.allocateDirect(PAGE);
        Store.Factory stores = DeviceStore.factory(Rehearsal.none(), TrimMode.OFFERED, Thread::new, Thread::new);
        try (Store store = stores.create("rz0", new DeviceSettings(SIZE, SIZE, false), Optional.empty());
                ExportSession user = store.export().open();
                SlotFrees frees = store.export().openSlotFrees()) {
            assertThat(user.write(5 * PAGE, PAGE, page, 0)).isEqualTo(NbdError.OK);

            assertThat(frees.peek(5, seen)).isTrue();
            assertThat(seen).isEqualTo(page);
        }
    }
}

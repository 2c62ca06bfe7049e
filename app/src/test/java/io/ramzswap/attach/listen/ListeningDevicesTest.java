package io.ramzswap.attach.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.AttachmentPoint;
import io.ramzswap.attach.NoExport;
import io.ramzswap.device.SwapExport;
import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ExportUnavailableException;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.TransmissionFlag;
import io.ramzswap.nbd.server.Listener;
import io.ramzswap.nbd.server.ServerOptions;
import io.ramzswap.nbd.server.SocketOwner;
import io.ramzswap.nbd.server.UnixListener;
import io.ramzswap.nbd.transport.Transport;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.refusal.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListeningDevicesTest {
    private static final ListenOptions TWO_DEVICES = new ListenOptions(
            List.of(), UnixListener.OWNER_ONLY, SocketOwner.WHOEVER_LISTENS, Optional.empty(), 2, false);

    private final PlayedListener listener = new PlayedListener();
    private final ListeningDevices catalog =
            new ListeningDevices(List.of(listener), TWO_DEVICES, Optional.empty(), ServerOptions.DEFAULT, Thread::new);
    private final AttachmentPoint point = catalog.points().get(0);

    @AfterEach
    void close() {
        catalog.close();
        assertThat(listener.closed).isTrue();
    }

    @Test
    void shouldOfferNothingBeforeInit() {
        assertThat(catalog.list()).isEmpty();
        assertThat(catalog.find("")).isEmpty();
        assertThat(catalog.find("rz0")).isEmpty();
    }

    @Test
    void shouldOfferTheDeviceByNameAndAsTheDefault() throws OperationException {
        attach();

        assertThat(catalog.list()).hasSize(1);
        assertThat(catalog.find("")).contains(catalog.list().get(0));
        assertThat(catalog.find("rz0")).contains(catalog.list().get(0));
        assertThat(catalog.find("rz1")).isEmpty();
    }

    @Test
    void shouldLetNobodyInBeforeThereIsADevice() throws OperationException {
        attach();
        assertThat(listener.accepts).hasValue(0);

        catalog.serve(() -> {});
        while (listener.accepts.get() == 0) {
            Thread.onSpinWait(); // the accepting thread comes, or the test never ends
        }
    }

    @Test
    void shouldOfferSeveralDevices() throws OperationException {
        Attachment first = attach();
        catalog.points().get(1).attach(NoExport.create());

        assertThat(catalog.list()).hasSize(2);
        assertThat(catalog.find("rz1")).contains(catalog.list().get(1));
        assertThat(catalog.find("")).contains(catalog.list().get(0));
        try (Attachment.Permit permit = first.reserve()) {
            permit.detach();
        }
        assertThat(catalog.list()).hasSize(1);
        assertThat(catalog.find("")).as("the default is the first, or none").isEmpty();
    }

    @Test
    void shouldTakeRequestsOfAnyAlignment() throws OperationException {
        point.attach(NoExport.create());

        assertThat(catalog.find("").orElseThrow().blockSize()).isEqualTo(new BlockSize(1, 4096, 1 << 20));
    }

    @Test
    void shouldOfferNoChangeWhereClientsMayOnlyLook() {
        ListeningPoint readOnly = new ListeningPoint("rz0", true);
        readOnly.attach(NoExport.create());

        assertThat(readOnly.export().orElseThrow().transmissionFlags())
                .isEqualTo(TransmissionFlag.READ_ONLY | TransmissionFlag.SEND_FLUSH);
    }

    @Test
    void shouldNotBeTakenFromItsClients() throws OperationException {
        Attachment attachment = attach();
        ExportSession first = open();
        ExportSession second = open();

        assertInUse(attachment, "rz0 is in use by 2 clients: nothing was changed; disconnect first");
        first.close();
        assertInUse(attachment, "rz0 is in use by 1 client: nothing was changed; disconnect first");
        second.close();
        attachment.reserve().close();
    }

    @Test
    void shouldTakeClientsAfterARefusal() throws OperationException {
        Attachment attachment = attach();
        open();
        assertInUse(attachment, "rz0 is in use by 1 client: nothing was changed; disconnect first");

        assertThat(open()).isNotNull();
    }

    @Test
    void shouldKeepClientsAwayWhileReserved() throws OperationException {
        Attachment attachment = attach();

        try (Attachment.Permit permit = attachment.reserve()) {
            assertThat(permit).isNotNull();
            assertThatThrownBy(this::open)
                    .isInstanceOf(ExportUnavailableException.class)
                    .hasMessage("the device is being reset; try again");
        }
        assertThat(open()).isNotNull();
    }

    @Test
    void shouldOfferNothingAfterDetaching() throws OperationException {
        Attachment attachment = attach();
        Export found = catalog.find("").orElseThrow();
        try (Attachment.Permit permit = attachment.reserve()) {
            permit.detach();
        }

        assertThat(catalog.list()).isEmpty();
        assertThatThrownBy(found::open)
                .as("a client that found it before")
                .isInstanceOf(ExportUnavailableException.class);
    }

    private Attachment attach() throws OperationException {
        return point.attach(OPENABLE);
    }

    private ExportSession open() {
        return catalog.find("").orElseThrow().open();
    }

    private static void assertInUse(Attachment attachment, String message) {
        assertThatThrownBy(attachment::reserve)
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(Refusal.BUSY))
                .hasMessage(message);
    }

    private static final SwapExport OPENABLE = new NoExport() {
        @Override
        public ExportSession open() {
            return (offset, length, destination, position) -> NbdError.EIO;
        }
    };

    /** Counts who waits for clients; none ever comes. */
    private static final class PlayedListener implements Listener {
        private final AtomicInteger accepts = new AtomicInteger();
        private volatile boolean closed;

        @Override
        public Transport accept() throws IOException {
            accepts.incrementAndGet();
            throw new IOException("closed");
        }

        @Override
        public String address() {
            return "played";
        }

        @Override
        public boolean isPublic() {
            return false;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

package io.ramzswap.attach.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.NoExport;
import io.ramzswap.attach.OperationException;
import io.ramzswap.control.ErrorCode;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportCatalog;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.ExportUnavailableException;
import io.ramzswap.nbd.server.Listener;
import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ListeningPointTest {
    private final ListeningPoint point = new ListeningPoint("rz0", Thread::new);
    private final ExportCatalog catalog = point.catalog();

    @Test
    void shouldOfferNothingBeforeInit() {
        assertThat(catalog.list()).isEmpty();
        assertThat(catalog.find("")).isEmpty();
        assertThat(catalog.find("rz0")).isEmpty();
    }

    @Test
    void shouldOfferTheDeviceByNameAndAsTheDefault() {
        attach();

        assertThat(catalog.list()).hasSize(1);
        assertThat(catalog.find("")).contains(catalog.list().get(0));
        assertThat(catalog.find("rz0")).contains(catalog.list().get(0));
        assertThat(catalog.find("rz1")).isEmpty();
    }

    @Test
    void shouldLetNobodyInBeforeThereIsADevice() {
        PlayedListener listener = new PlayedListener();
        try (ListeningPoint listening = ListeningPoint.serve("rz0", listener, Thread::new)) {
            assertThat(listener.accepts).hasValue(0);

            listening.attach(OPENABLE);
            while (listener.accepts.get() == 0) {
                Thread.onSpinWait(); // the accepting thread comes, or the test never ends
            }
        }
        assertThat(listener.closed).isTrue();
    }

    @Test
    void shouldCloseASocketThatNobodyWasServedOn() {
        PlayedListener listener = new PlayedListener();

        ListeningPoint.serve("rz0", listener, Thread::new).close();

        assertThat(listener.closed).isTrue();
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
    void shouldTakeClientsAfterARefusal() {
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

    private Attachment attach() {
        return point.attach(OPENABLE);
    }

    private ExportSession open() {
        return catalog.find("").orElseThrow().open();
    }

    private static void assertInUse(Attachment attachment, String message) {
        assertThatThrownBy(attachment::reserve)
                .isInstanceOfSatisfying(
                        OperationException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
                .hasMessage(message);
    }

    /** Opens to sessions that can be closed, and nothing else. */
    private static final Export OPENABLE = (Export) Proxy.newProxyInstance(
            NoExport.class.getClassLoader(), new Class<?>[] {Export.class}, (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("open");
                return Proxy.newProxyInstance(
                        NoExport.class.getClassLoader(), new Class<?>[] {ExportSession.class}, (session, m, a) -> {
                            assertThat(m.getName()).isEqualTo("close");
                            return null;
                        });
            });

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

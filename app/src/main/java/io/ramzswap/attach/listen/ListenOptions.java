package io.ramzswap.attach.listen;

import io.ramzswap.nbd.server.SocketOwner;
import io.ramzswap.nbd.server.UnixListener;
import java.util.List;
import java.util.Optional;

/**
 * The way devices are served to NBD clients.
 *
 * @param addresses where clients arrive; standard input and output are alone
 * @param socketMode permission bits of Unix sockets
 * @param socketOwner of Unix sockets
 * @param tls what clients can start TLS with, if they can
 * @param devices how many there are, each an export
 * @param readOnly whether clients may only look
 */
public record ListenOptions(
        List<ListenAddress> addresses,
        int socketMode,
        SocketOwner socketOwner,
        Optional<TlsSettings> tls,
        int devices,
        boolean readOnly) {
    /** One device at one address, for the owner of this process. */
    public static ListenOptions at(ListenAddress address) {
        return new ListenOptions(
                List.of(address), UnixListener.OWNER_ONLY, SocketOwner.WHOEVER_LISTENS, Optional.empty(), 1, false);
    }

    boolean isTlsRequired() {
        return tls.isPresent() && tls.get().required();
    }
}

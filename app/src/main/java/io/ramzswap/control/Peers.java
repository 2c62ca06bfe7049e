package io.ramzswap.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/** Who may talk to the daemon. Source: SO_PEERCRED in unix(7). */
final class Peers {
    private final Set<UserPrincipal> permitted;

    private Peers(Set<UserPrincipal> permitted) {
        this.permitted = permitted;
    }

    /** Root and the owner of {@code socket}, who is the user that runs this process. */
    static Peers rootAndOwnerOf(Path socket) throws IOException {
        UserPrincipal root =
                socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("0");
        UserPrincipal owner = Files.getOwner(socket);
        return new Peers(root.equals(owner) ? Set.of(root) : Set.of(root, owner));
    }

    /** Whether the process that connected {@code channel} runs for one of them. */
    boolean permits(SocketChannel channel) throws IOException {
        return permitted.contains(
                channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user());
    }
}

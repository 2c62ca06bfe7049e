package io.ramzswap.nbd.server;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;

/**
 * The owner of a Unix socket's file.
 *
 * @param user empty for the server's own
 * @param group empty for the server's own
 */
public record SocketOwner(Optional<UserPrincipal> user, Optional<GroupPrincipal> group) {
    /** The server's own user and group. */
    public static final SocketOwner WHOEVER_LISTENS = new SocketOwner(Optional.empty(), Optional.empty());

    void give(Path file) throws IOException {
        final PosixFileAttributeView attributes =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        try {
            // The group first: who is no longer the owner can no longer give it.
            if (group.isPresent()) {
                attributes.setGroup(group.get());
            }
            if (user.isPresent()) {
                attributes.setOwner(user.get());
            }
        } catch (FileSystemException e) {
            throw new FileSystemException(file.toString(), null, "cannot be given to " + this + ": " + e.getReason());
        }
    }

    @Override
    public String toString() {
        return user.map(UserPrincipal::getName).orElse("")
                + group.map(name -> ":" + name.getName()).orElse("");
    }
}

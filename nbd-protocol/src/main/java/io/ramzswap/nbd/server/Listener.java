package io.ramzswap.nbd.server;

import io.ramzswap.nbd.transport.Transport;
import java.io.IOException;

/**
 * A socket on which clients arrive. One thread accepts; {@link #close} may be called by any and wakes it.
 *
 * <p>A client that vanishes without a word, as when its machine or the network fails, can do so over TCP only. That is noticed
 * within about two minutes, and ends its connection. What is sent over TCP cannot wait for longer than that either: a client that
 * is there, but does not read what it asked for, loses its connection, too, once the system takes no more for it.
 */
public interface Listener extends AutoCloseable {
    /**
     * Waits for a client.
     *
     * @throws IOException when this one could not be taken; the next one may be. After {@link #close} always
     */
    Transport accept() throws IOException;

    /** The address for people, as in "unix:/run/x.sock". */
    String address();

    /** Whether clients of other machines, or whoever can listen on the way, can come here. */
    boolean isPublic();

    /** Stops listening. */
    @Override
    void close();
}

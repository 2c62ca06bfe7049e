package io.ramzswap.nbd.server;

import java.io.IOException;

/** A client was refused because there are as many as there may be. The message says where, and how often so far. */
public final class ClientRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    ClientRefusedException(String message) {
        super(message);
    }
}

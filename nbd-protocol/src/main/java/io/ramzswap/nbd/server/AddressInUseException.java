package io.ramzswap.nbd.server;

import java.io.IOException;

/** Somebody already listens there. */
public final class AddressInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With the address. */
    public AddressInUseException(String address) {
        super(address + " is in use: another server listens there; stop it or choose another address");
    }
}

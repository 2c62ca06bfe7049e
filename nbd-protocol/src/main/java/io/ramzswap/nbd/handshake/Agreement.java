package io.ramzswap.nbd.handshake;

import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.transmission.TransmissionMode;
import io.ramzswap.nbd.transport.Transport;

/**
 * The result of a handshake.
 *
 * @param export the chosen export
 * @param session of it, open; to be closed by whoever is given the agreement
 * @param mode how requests and replies look from here on
 * @param transport to go on with: the one the handshake was given, or TLS over it
 */
public record Agreement(Export export, ExportSession session, TransmissionMode mode, Transport transport) {}

package io.ramzswap.nbd.transmission;

/**
 * The position of a connection in its stream of requests. There is no way back from {@link #CLOSED}: after a wrong magic the server cannot
 * tell where the next request begins.
 *
 * <pre>
 *            WRITE taken            refused half-way
 *  REQUEST ---------------> PAYLOAD ---------------> DISCARD
 *   |  ^  `------------------|-------- WRITE refused --^ |
 *   |  '----- all stored ----'                           |
 *   |  '----------------- all skipped -------------------'
 *   |
 *   '--- DISC, wrong magic, end of stream, error too late to tell ---> CLOSED
 * </pre>
 */
enum TransmissionState {
    /** A header comes next. */
    REQUEST,
    /** The payload of a WRITE comes next and is stored. */
    PAYLOAD,
    /** The payload of a refused WRITE comes next and is skipped. */
    DISCARD,
    /** Nothing more is read. */
    CLOSED
}

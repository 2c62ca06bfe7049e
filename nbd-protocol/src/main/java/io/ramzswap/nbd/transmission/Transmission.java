package io.ramzswap.nbd.transmission;

import io.ramzswap.nbd.BlockSize;
import io.ramzswap.nbd.Export;
import io.ramzswap.nbd.ExportSession;
import io.ramzswap.nbd.NbdError;
import io.ramzswap.nbd.transport.ReceiveBuffer;
import io.ramzswap.nbd.transport.SendBuffer;
import io.ramzswap.nbd.transport.Transport;
import io.ramzswap.nbd.wire.Command;

/**
 * Serves one connection: takes what has come, handles every whole request in it, answers all of them with as few writes
 * as possible, and only then waits for more.
 *
 * <p>The payload of a WRITE goes to the session straight from the receive buffer, in pieces of whole blocks as they come;
 * the data of a READ is produced straight into the send buffer. So buffers of a few blocks serve requests of any length.
 *
 * <p>What the session throws becomes an I/O error of the request, see {@code GuardedSession}.
 *
 * <p>Confined to one thread.
 */
public final class Transmission {
    /**
     * A refused payload up to this length is skipped, so that a client with a slightly too long write learns of it and goes on;
     * a longer one ends the connection. nbdkit draws the line at the same place.
     */
    private static final long MAXIMUM_DISCARD_BYTES = 2L * BlockSize.LONGEST_PAYLOAD;

    /** The length that every server of structured replies must be able to return in one chunk. */
    private static final int LONGEST_UNFRAGMENTED_BYTES = 65_536;

    /** More than any header of a request or a reply. */
    private static final int HEADER_ROOM_BYTES = 64;

    private final Transport transport;
    private final ReceiveBuffer in;
    private final SendBuffer out;
    private final ExportSession session;
    private final RequestRules rules;
    private final Replies replies;
    private final int cutMask;
    private final Request request;

    private TransmissionState state = TransmissionState.REQUEST;
    private long payloadOffset;
    private long payloadRemaining;
    private int payloadError;

    /**
     * Prepares to serve.
     *
     * @param transport past the handshake, if there was one; the caller closes it
     * @param session of {@code export}; the caller closes it
     * @param mode what was negotiated
     * @param in what has come already, and holds at least a header and a block
     * @param out connected to {@code transport}, and holds at least a reply's header and a block
     */
    public Transmission(
            Transport transport,
            Export export,
            ExportSession session,
            TransmissionMode mode,
            ReceiveBuffer in,
            SendBuffer out) {
        final int minimumBlock = export.blockSize().minimum();
        cutMask = Pieces.cutMask(export.blockSize());
        checkRoom(in.capacity(), cutMask + 1);
        checkRoom(out.capacity(), mode.isChunked() ? LONGEST_UNFRAGMENTED_BYTES : cutMask + 1);
        this.transport = transport;
        this.session = new GuardedSession(session);
        this.in = in;
        this.out = out;
        request = new Request(mode.isExtended());
        rules = new RequestRules(export, mode);
        replies = mode.isChunked()
                ? new ChunkedReplies(out, this.session, mode, minimumBlock, cutMask)
                : new SimpleReplies(out, this.session, cutMask);
        session.beforeWaiting(out::push);
    }

    private static void checkRoom(int capacityBytes, int blockBytes) {
        if (capacityBytes < blockBytes + HEADER_ROOM_BYTES) {
            throw new IllegalArgumentException(
                    "a buffer of " + capacityBytes + " bytes cannot hold " + blockBytes + " bytes and a header");
        }
    }

    /** Serves until the client disconnects, breaks off or breaks the protocol, or the transport is shut down. */
    public void run() {
        while (state != TransmissionState.CLOSED) {
            handleWhatHasCome();
            // Answers go out before waiting: the client may be waiting for them before it says more.
            final boolean reachable = out.flush();
            if (state != TransmissionState.CLOSED && !(reachable && in.fill(transport))) {
                state = TransmissionState.CLOSED;
            }
        }
    }

    private void handleWhatHasCome() {
        boolean more = true;
        while (more) {
            more = switch (state) {
                case REQUEST -> handleRequest();
                case PAYLOAD -> storePayload();
                case DISCARD -> discardPayload();
                case CLOSED -> false;
            };
        }
    }

    private boolean handleRequest() {
        final int headerLength = request.headerLength();
        if (in.available() < headerLength) {
            return false;
        }
        if (out.isBroken() || !request.decode(in.buffer(), in.start()) || request.type == Command.DISC) {
            state = TransmissionState.CLOSED;
            return false;
        }
        in.consume(headerLength);
        final int verdict = rules.check(request);
        if (RequestRules.isOutOfPlace(verdict)) {
            session.invalidRequest();
        }
        final int error = RequestRules.error(verdict);
        if (request.payloadLength() != 0) {
            beginPayload(error);
        } else if (error == NbdError.OK) {
            answer();
        } else {
            replies.done(request, error);
        }
        return true;
    }

    private void answer() {
        switch (request.type) {
            case Command.READ -> read();
            case Command.BLOCK_STATUS -> replies.blockStatus(request);
            default -> replies.done(request, carryOut());
        }
    }

    private void read() {
        if (!replies.read(request)) {
            state = TransmissionState.CLOSED;
        }
    }

    private int carryOut() {
        final long offset = request.offset;
        final long length = request.length;
        final int error = switch (request.type) {
            case Command.TRIM -> length == 0 ? NbdError.OK : session.trim(offset, length);
            case Command.WRITE_ZEROES -> length == 0 ? NbdError.OK : session.writeZeroes(offset, length);
            case Command.FLUSH -> session.flush();
            // CACHE: whatever a read would bring near is near already.
            default -> NbdError.OK;
        };
        return error == NbdError.OK ? flushIfFua() : error;
    }

    private int flushIfFua() {
        return request.isFua() && request.type != Command.FLUSH ? session.flush() : NbdError.OK;
    }

    private void beginPayload(int error) {
        payloadOffset = request.offset;
        payloadRemaining = request.payloadLength();
        payloadError = error;
        if (error == NbdError.OK) {
            state = TransmissionState.PAYLOAD;
        } else if (payloadRemaining > 0 && payloadRemaining <= MAXIMUM_DISCARD_BYTES) {
            state = TransmissionState.DISCARD;
        } else {
            replies.done(request, error);
            state = TransmissionState.CLOSED;
        }
    }

    private boolean storePayload() {
        int piece = (int) Math.min(in.available(), payloadRemaining);
        if (piece < payloadRemaining) {
            piece = Pieces.cut(payloadOffset, piece, cutMask);
            if (piece <= 0) {
                return false;
            }
        }
        if (piece > 0) {
            payloadError = session.write(payloadOffset, piece, in.buffer(), in.start());
            consumePayload(piece);
        }
        if (payloadError != NbdError.OK) {
            session.giveUp(payloadOffset, payloadRemaining);
            state = TransmissionState.DISCARD;
        } else if (payloadRemaining == 0) {
            finishWrite(flushIfFua());
        }
        return true;
    }

    private boolean discardPayload() {
        consumePayload((int) Math.min(in.available(), payloadRemaining));
        if (payloadRemaining > 0) {
            return false;
        }
        finishWrite(payloadError);
        return true;
    }

    private void consumePayload(int count) {
        in.consume(count);
        payloadOffset += count;
        payloadRemaining -= count;
    }

    private void finishWrite(int error) {
        replies.done(request, error);
        state = TransmissionState.REQUEST;
    }
}
